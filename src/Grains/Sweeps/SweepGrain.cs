using System.Diagnostics;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Grains.Disk;
using Harness.Grains.Dispatch;
using Harness.Storage.Retention;
using Harness.Storage.Sweeps;
using Microsoft.Extensions.Logging;

namespace Harness.Grains.Sweeps;

/// <summary>Stores a sweep, tells the dispatcher, changes, ends and removes it.</summary>
internal sealed partial class SweepGrain(
    SweepStore store,
    SweepChangeStore changes,
    SweepRemoval removal,
    DiskGuard disk,
    ILogger<SweepGrain> logger
) : Grain, ISweepGrain
{
    private IDispatchGrain Dispatcher => GrainFactory.GetGrain<IDispatchGrain>(0);

    public async Task<SubmitReply> SubmitAsync(SweepSubmission submission)
    {
        disk.Require();
        using var span = StartSpan(submission.TraceParent);
        var stored = await Outage.GuardAsync(() =>
            store.SubmitAsync(
                NewSweep(submission, span?.Id ?? submission.TraceParent),
                CancellationToken.None
            )
        );
        if (stored.Conflict is { } hash)
        {
            throw new IdempotencyConflictException(hash);
        }

        span?.SetTag("harness.sweep", Ids.Sweep(stored.Id));
        if (stored is { Created: true, Replayed: false })
        {
            HarnessMeter.SweepsSubmitted.Add(1);
        }

        await AdmitAsync(stored.Id);
        return new SubmitReply
        {
            Sweep = Ids.Sweep(stored.Id),
            Created = stored.Created,
            Trials = stored.Trials,
            Reused = stored.Reused,
            Replayed = stored.Replayed,
            Warnings = await Outage.GuardAsync(() =>
                store.WarningsAsync(stored.Id, CancellationToken.None)
            ),
        };
    }

    public Task<SweepChanged> CancelAsync(string by) =>
        OfSweepAsync(async sweep =>
        {
            var changed = await Outage.GuardAsync(() =>
                store.CancelAsync(sweep, by, CancellationToken.None)
            );
            await TellAsync(Dispatcher.ReleaseAsync(sweep), sweep);
            return changed;
        });

    public Task<SweepChanged> PauseAsync(string by) =>
        OfSweepAsync(sweep => Dispatcher.PauseAsync(sweep, by));

    public Task<SweepChanged> ResumeAsync(string by) =>
        OfSweepAsync(sweep => Dispatcher.ResumeAsync(sweep, by));

    public Task<SweepChanged> RetryAsync(IReadOnlyList<TrialState> states, string by) =>
        OfSweepAsync(async sweep =>
        {
            var trials = 0;
            while (true)
            {
                var changed = await Dispatcher.RetryAsync(sweep, states, by);
                trials += changed.Trials;
                // Once some are taken up, that no more are left is no refusal.
                if (changed.Trials < SweepChangeStore.RetriesAtATime)
                {
                    return changed with
                    {
                        Trials = trials,
                        Refusal =
                            trials > 0 && changed.Refusal == ChangeRefusal.Nothing
                                ? null
                                : changed.Refusal,
                    };
                }
            }
        });

    public Task<SweepChanged> SetAsync(SweepLimits limits, int? version, string by) =>
        OfSweepAsync(async sweep =>
        {
            var changed = await Outage.GuardAsync(() =>
                changes.SetAsync(sweep, limits, version, by, CancellationToken.None)
            );
            if (changed.Done)
            {
                await AdmitAsync(sweep);
            }

            return changed;
        });

    public async Task<RemovalReply> RemoveAsync(bool withClaim, string by)
    {
        var key = this.GetPrimaryKeyString();
        return await Outage.GuardAsync(async () =>
            await store.FindAsync(key, CancellationToken.None) is { } sweep
                ? await removal.RemoveAsync(sweep, withClaim, by, CancellationToken.None)
                : new RemovalReply(
                    new SweepChanged { Refusal = ChangeRefusal.State },
                    new SweepRemoved(Array.Empty<string>(), Array.Empty<string>(), 0)
                )
        );
    }

    private async Task<SweepChanged> OfSweepAsync(Func<long, Task<SweepChanged>> change) =>
        await Outage.GuardAsync(() =>
            store.FindAsync(this.GetPrimaryKeyString(), CancellationToken.None)
        )
            is { } sweep
            ? await change(sweep)
            : new SweepChanged { Refusal = ChangeRefusal.State };

    private Task AdmitAsync(long sweep) => TellAsync(Dispatcher.AdmitAsync(sweep), sweep);

    // The sweep is stored; a dispatcher that does not hear of it now finds it in the table.
    private async Task TellAsync(Task word, long sweep)
    {
        try
        {
            await word;
        }
        catch (Exception failure)
        {
            LogNotHeard(failure, sweep);
        }
    }

    private NewSweep NewSweep(SweepSubmission submission, string? traceParent) =>
        new()
        {
            Key = this.GetPrimaryKeyString(),
            Name = submission.Name,
            Description = submission.Description,
            Source = submission.Source,
            Spec = submission.Resolved,
            SubmittedBy = submission.SubmittedBy,
            Priority = submission.Priority,
            MaxConcurrentTrials = submission.MaxConcurrentTrials,
            MaxCrashes = submission.MaxCrashes,
            MaxRetries = submission.MaxRetries,
            Fresh = submission.Fresh,
            ClaimRun = submission.ClaimRun,
            TraceParent = traceParent,
            IdempotencyKey = submission.IdempotencyKey,
            Trials = submission.AllTrials(),
        };

    private static Activity? StartSpan(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? TrialTrace.Source.StartActivity("sweep submit", ActivityKind.Server, parent)
            : TrialTrace.Source.StartActivity("sweep submit", ActivityKind.Server);
}
