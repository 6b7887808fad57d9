using Harness.Domain.Api;

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
    /// <returns>False when the sweep had ended before.</returns>
    [Alias("cancel")]
    [ResponseTimeout("00:00:20")]
    Task<bool> CancelAsync(string by);
}
