using Harness.Domain.Api;

namespace Harness.Grains.Claims;

/// <summary>Runs and judging of one claim. Its key is the claim's id.</summary>
[Alias("harness.claim")]
public interface IClaimGrain : IGrainWithStringKey
{
    /// <summary>Registers a run (hash of the claim file, before any lease) and submits its sweeps; again: the same run.</summary>
    [Alias("run")]
    Task<ClaimRunReply> RunAsync(string profile, string by);

    /// <summary>Judges the newest run from stored results, when they are complete; stores and returns the verdict document.</summary>
    /// <returns>The document, or null while trials are missing or no run exists.</returns>
    [Alias("judge")]
    Task<string?> JudgeAsync();
}
