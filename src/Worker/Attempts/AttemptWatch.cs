using System.Diagnostics;

namespace Harness.Worker.Attempts;

/// <summary>
/// Looks after a running trainer: its own memory limit, how long it has said nothing, the CPU that it used so far, and
/// the order to stop.
/// </summary>
/// <param name="limit">Resident bytes above which the trial ends; 0: no limit.</param>
/// <param name="silence">For how long a trainer that works says nothing at most.</param>
/// <param name="stop">The order to stop.</param>
public sealed class AttemptWatch(long limit, TimeSpan silence, CancellationToken stop)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5); // behind a beat: this process itself was stopped
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3); // between asking and killing

    private long _heard = Stopwatch.GetTimestamp();

    /// <summary>Whether the trial exceeded its own limit.</summary>
    public bool Oom { get; private set; }

    /// <summary>For how long the trainer had said nothing when it was ended for it; null where it was not.</summary>
    public TimeSpan? SaidNothing { get; private set; }

    /// <summary>CPU seconds so far; null before the first look.</summary>
    public double? CpuSeconds { get; private set; }

    /// <summary>The trainer has said something.</summary>
    public void Heard() => Volatile.Write(ref _heard, Stopwatch.GetTimestamp());

    /// <summary>Watches a trainer.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="ended">That it has ended.</param>
    public async Task RunAsync(TrainerProcess trainer, CancellationToken ended)
    {
        Heard();
        using var beat = new PeriodicTimer(Beat);
        try
        {
            var last = Stopwatch.GetTimestamp();
            while (await beat.WaitForNextTickAsync(ended))
            {
                CpuSeconds = ProcessFacts.CpuSeconds(trainer.Id) - trainer.CpuBefore ?? CpuSeconds;
                if (limit > 0 && ProcessFacts.Resident(trainer.Id) > limit)
                {
                    Oom = true;
                    trainer.Kill();
                    return;
                }

                if (stop.IsCancellationRequested)
                {
                    await EndAsync(trainer, ended);
                    return;
                }

                if (IsSilent(ref last))
                {
                    SaidNothing = silence;
                    trainer.Kill();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    // A worker that was stopped for a while has not read what its trainer said in that while.
    private bool IsSilent(ref long last)
    {
        if (Stopwatch.GetElapsedTime(last) > Beat + Late)
        {
            Heard();
        }

        last = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(Volatile.Read(ref _heard)) > silence;
    }

    private static async Task EndAsync(TrainerProcess trainer, CancellationToken ended)
    {
        trainer.Terminate();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
        patience.CancelAfter(Grace);
        await Task.Delay(Timeout.Infinite, patience.Token)
            .ContinueWith(_ => { }, TaskScheduler.Default);
        trainer.Kill();
    }
}
