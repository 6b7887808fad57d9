using Harness.Domain.Api;

namespace Harness.Grains.Claims;

/// <summary>Runs and judging of one claim. Its key is the claim's id.</summary>
[Alias("harness.claim")]
public interface IClaimGrain : IGrainWithStringKey
{
    /// <summary>Registers a run (hash of the claim file, before any lease) and submits its sweeps; again: the same run.</summary>
    [Alias("run")]
    [ResponseTimeout("00:01:00")]
    Task<ClaimRunReply> RunAsync(string profile, string by);

    /// <summary>Judges the newest run of that size from stored results; stores and returns the verdict's document.</summary>
    /// <returns>The document, or null while trials are missing or no run exists.</returns>
    [Alias("judge")]
    [ResponseTimeout("00:01:00")]
    Task<string?> JudgeAsync(string profile);
}
