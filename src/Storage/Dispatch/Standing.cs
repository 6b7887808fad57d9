using Harness.Domain.Trials;

namespace Harness.Storage.Dispatch;

/// <summary>Where a trial stands in the tables, with all that has a say in it.</summary>
public sealed record Standing
{
    /// <summary>Its state.</summary>
    public required TrialState State { get; init; }

    /// <summary>What it runs.</summary>
    public required TrialSpec Spec { get; init; }

    /// <summary>Why it failed or waits, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Seconds until its wait is over; null where it has none.</summary>
    public double? WaitSeconds { get; init; }

    /// <summary>Attempts so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>Counted losses, and how many end it.</summary>
    public required (int Counted, int Most) Crashes { get; init; }

    /// <summary>Worker of its newest attempt, or null.</summary>
    public string? Worker { get; init; }

    /// <summary>Steps that this attempt has done, or null.</summary>
    public int? Step { get; init; }

    /// <summary>Seconds until its lease is over; null where none runs.</summary>
    public double? LeaseSeconds { get; init; }

    /// <summary>Sweeps that want it, with their states.</summary>
    public required IReadOnlyList<(long Sweep, string State)> Sweeps { get; init; }

    /// <summary>Workers that are here or were lost lately.</summary>
    public required IReadOnlyList<(
        string Id,
        string Name,
        string Host,
        string State,
        double SilentSeconds
    )> Workers { get; init; }
}
