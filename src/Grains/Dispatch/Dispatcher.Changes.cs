using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <content>Changes of sweeps, in the lane: no lease is on its way while one is made.</content>
internal sealed partial class Dispatcher
{
    /// <summary>Takes the waiting trials of a sweep into the queue, with its priority and limit as they are now.</summary>
    public Task Admit(long sweep) =>
        Command(async cancellation =>
        {
            if (await loader.SweepAsync(sweep, cancellation) is { } facts)
            {
                _queue.Add(facts);
            }
        });

    /// <summary>Forgets a sweep and stops what no other live sweep wants.</summary>
    public Task Release(long sweep) => Command(cancellation => LetGoAsync(sweep, cancellation));

    /// <summary>A sweep comes to rest: nothing more is leased for it, and what runs for it alone is handed back.</summary>
    public Task<SweepChanged> Pause(long sweep, string by) =>
        Ask(async cancellation =>
        {
            var changed = await changes.PauseAsync(_epoch, sweep, by, cancellation);
            if (changed.Done)
            {
                await LetGoAsync(sweep, cancellation);
            }

            return changed;
        });

    /// <summary>A paused sweep takes its place in the queue again.</summary>
    public Task<SweepChanged> Resume(long sweep, string by) =>
        Ask(async cancellation =>
        {
            var changed = await changes.ResumeAsync(_epoch, sweep, by, cancellation);
            if (changed.Done && await loader.SweepAsync(sweep, cancellation) is { } facts)
            {
                _queue.Add(facts);
            }

            return changed;
        });

    /// <summary>Failed trials of a sweep are tried again.</summary>
    public Task<SweepChanged> Retry(long sweep, IReadOnlyList<TrialState> states, string by) =>
        Ask(async cancellation =>
        {
            var (changed, trials) = await changes.RetryAsync(
                _epoch,
                sweep,
                states,
                by,
                cancellation
            );
            if (changed.Done && await loader.SweepAsync(sweep, cancellation) is { } facts)
            {
                _queue.Add(facts);
                // Their places may lie before what the queue has read of the sweep.
                foreach (var trial in await loader.WaitingAsync(trials.ToArray(), cancellation))
                {
                    _queue.Add(trial);
                }
            }

            return changed;
        });

    /// <summary>Why a trial stands where it stands; null: there is no such trial.</summary>
    public async Task<TrialExplanation?> Explain(long trial, StandingReader standings)
    {
        var standing = await Ask(async cancellation =>
        {
            // What the queue is to hold it holds in this very turn.
            await RefillAsync(cancellation);
            return await standings.FindAsync(trial, cancellation);
        });
        return standing is null
            ? null
            : new Explanation(_queue, _pool, disk.Sentence).Of(trial, standing);
    }

    private async Task LetGoAsync(long sweep, CancellationToken cancellation)
    {
        _queue.Remove(sweep);
        foreach (var token in await loader.UnwantedAsync(cancellation))
        {
            if (
                _pool.Attempt(token) is { } attempt
                && _held.TryGetValue(attempt.Worker, out var held)
            )
            {
                held.Stop(token);
            }
        }

        AnswerHeld(_ => false);
    }

    private async Task<T> Ask<T>(Func<CancellationToken, Task<T>> question)
    {
        T answer = default!;
        await Command(async cancellation => answer = await question(cancellation));
        return answer;
    }
}
