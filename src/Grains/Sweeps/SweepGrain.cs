using System.Diagnostics;
using Harness.Domain.Api;
using Harness.Grains.Dispatch;
using Harness.Storage.Sweeps;
using Microsoft.Extensions.Logging;

namespace Harness.Grains.Sweeps;

/// <summary>Stores a sweep, tells the dispatcher, and ends it.</summary>
internal sealed partial class SweepGrain(SweepStore store, ILogger<SweepGrain> logger)
    : Grain,
        ISweepGrain
{
    private IDispatchGrain Dispatcher => GrainFactory.GetGrain<IDispatchGrain>(0);

    public async Task<SubmitReply> SubmitAsync(SweepSubmission submission)
    {
        using var span = StartSpan(submission.TraceParent);
        var stored = await Outage.GuardAsync(() =>
            store.SubmitAsync(
                NewSweep(submission, span?.Id ?? submission.TraceParent),
                CancellationToken.None
            )
        );
        span?.SetTag("harness.sweep", Ids.Sweep(stored.Id));
        if (stored.Created)
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
            Warnings = await Outage.GuardAsync(() =>
                store.WarningsAsync(stored.Id, CancellationToken.None)
            ),
        };
    }

    public async Task<bool> CancelAsync(string by)
    {
        var key = this.GetPrimaryKeyString();
        var (id, cancelled) = await Outage.GuardAsync(async () =>
        {
            var found = await store.FindAsync(key, CancellationToken.None);
            return (
                found,
                found is { } sweep && await store.CancelAsync(sweep, by, CancellationToken.None)
            );
        });
        if (id is { } released)
        {
            await TellAsync(Dispatcher.ReleaseAsync(released), released);
        }

        return cancelled;
    }

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
            Trials = submission.Trials,
        };

    private static Activity? StartSpan(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? TrialTrace.Source.StartActivity("sweep submit", ActivityKind.Server, parent)
            : TrialTrace.Source.StartActivity("sweep submit", ActivityKind.Server);
}
