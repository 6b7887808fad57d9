using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Grains.Dispatch;

/// <summary>The queue: one activation, key 0. A cache over PostgreSQL, which decides.</summary>
[Alias("harness.dispatch")]
public interface IDispatchGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a worker's news and gives it leases; answers after commit.</summary>
    [Alias("sync")]
    [ResponseTimeout("00:00:10")]
    Task<SyncReply> SyncAsync(SyncRequest request);

    /// <summary>A worker joined or joined again: what it offers.</summary>
    [Alias("join")]
    [ResponseTimeout("00:00:10")]
    Task JoinAsync(JoinRequest request);

    /// <summary>A sweep has new trials, another priority or another limit in the table.</summary>
    [Alias("admit")]
    [ResponseTimeout("00:00:10")]
    Task AdmitAsync(long sweepId);

    /// <summary>A sweep was cancelled in the table: forget its trials and stop what runs for it alone.</summary>
    [Alias("release")]
    [ResponseTimeout("00:00:10")]
    Task ReleaseAsync(long sweepId);

    /// <summary>A sweep comes to rest: no new lease, and what runs for it alone is handed back uncounted.</summary>
    [Alias("pause")]
    [ResponseTimeout("00:00:20")]
    Task<SweepChanged> PauseAsync(long sweepId, string by);

    /// <summary>A paused sweep goes on.</summary>
    [Alias("resume")]
    [ResponseTimeout("00:00:20")]
    Task<SweepChanged> ResumeAsync(long sweepId, string by);

    /// <summary>Why a trial stands where it stands; null: there is no such trial.</summary>
    [Alias("explain")]
    [ResponseTimeout("00:00:10")]
    Task<TrialExplanation?> ExplainAsync(long trialId);

    /// <summary>Failed trials of a sweep get a new generation; a bounded number a call.</summary>
    [Alias("retry")]
    [ResponseTimeout("00:00:20")]
    Task<SweepChanged> RetryAsync(long sweepId, IReadOnlyList<TrialState> states, string by);
}
