using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Storage.Sweeps;

/// <summary>A sweep to store.</summary>
public sealed record NewSweep
{
    /// <summary>Key of the grain.</summary>
    public required string Key { get; init; }

    /// <summary>Name from the file.</summary>
    public required string Name { get; init; }

    /// <summary>Description from the file.</summary>
    public string? Description { get; init; }

    /// <summary>The file as it was submitted.</summary>
    public required string Source { get; init; }

    /// <summary>The resolved spec.</summary>
    public required string Spec { get; init; }

    /// <summary>Who submits.</summary>
    public required string SubmittedBy { get; init; }

    /// <summary>Higher first.</summary>
    public required int Priority { get; init; }

    /// <summary>Trials that may run at a time.</summary>
    public required int MaxConcurrentTrials { get; init; }

    /// <summary>Counted infrastructure failures before quarantine.</summary>
    public required int MaxCrashes { get; init; }

    /// <summary>Counted job failures that are tried again.</summary>
    public required int MaxRetries { get; init; }

    /// <summary>Whether every trial is to be a new generation.</summary>
    public required bool Fresh { get; init; }

    /// <summary>The run of a claim that asks, or null.</summary>
    public long? ClaimRun { get; init; }

    /// <summary>The caller's key, or null.</summary>
    public SubmitKey? IdempotencyKey { get; init; }

    /// <summary>Trace context of the submit, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The trials, each once, in the order in which they are to run.</summary>
    public required IReadOnlyList<TrialSpec> Trials { get; init; }
}

/// <summary>What a submit did.</summary>
/// <param name="Id">Number of the sweep.</param>
/// <param name="Created">Whether this submit made it.</param>
/// <param name="Trials">Its trials.</param>
/// <param name="Reused">How many of them were there before.</param>
public sealed record StoredSweep(long Id, bool Created, int Trials, int Reused)
{
    /// <summary>Whether an earlier submit with the same key was answered so.</summary>
    public bool Replayed { get; init; }

    /// <summary>SHA-256 of another submit that had the same key: nothing was stored. Else null.</summary>
    public string? Conflict { get; init; }
}
