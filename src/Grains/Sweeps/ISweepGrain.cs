using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Grains.Sweeps;

/// <summary>Life cycle of one sweep. Its key is the sweep's <c>spec_key</c> (hash of the resolved spec).</summary>
[Alias("harness.sweep")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Stores the sweep and its trials and admits them to the queue; again: the same answer.</summary>
    [Alias("submit")]
    [ResponseTimeout("00:01:00")]
    Task<SubmitReply> SubmitAsync(SweepSubmission submission);

    /// <summary>Ends the sweep: no new lease, running trials that no other live sweep wants are stopped.</summary>
    [Alias("cancel")]
    [ResponseTimeout("00:01:00")]
    Task<SweepChanged> CancelAsync(string by);

    /// <summary>The sweep comes to rest: no new lease, running trials that no other live sweep wants are handed back.</summary>
    [Alias("pause")]
    [ResponseTimeout("00:00:20")]
    Task<SweepChanged> PauseAsync(string by);

    /// <summary>A paused sweep goes on.</summary>
    [Alias("resume")]
    [ResponseTimeout("00:00:20")]
    Task<SweepChanged> ResumeAsync(string by);

    /// <summary>Trials in these states (failed, quarantined) get a new generation; a sweep that had ended runs again.</summary>
    [Alias("retry")]
    [ResponseTimeout("00:01:00")]
    Task<SweepChanged> RetryAsync(IReadOnlyList<TrialState> states, string by);

    /// <summary>Changes priority or limit of a live sweep.</summary>
    /// <param name="limits">What changes.</param>
    /// <param name="version">What the caller saw, or null.</param>
    /// <param name="by">Who asks.</param>
    [Alias("set")]
    [ResponseTimeout("00:01:00")]
    Task<SweepChanged> SetAsync(SweepLimits limits, int? version, string by);

    /// <summary>Removes a sweep that has ended, with the trials that no other sweep wants.</summary>
    /// <param name="withClaim">Whether the run of a claim that it measures for may go, with all of its sweeps.</param>
    /// <param name="by">Who asks.</param>
    [Alias("remove")]
    [ResponseTimeout("00:10:00")]
    Task<RemovalReply> RemoveAsync(bool withClaim, string by);
}
