using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Storage.Dispatch;

/// <summary>A worker that may take attempts.</summary>
public sealed record KnownWorker
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The machine.</summary>
    public required string Host { get; init; }

    /// <summary>Short hash of its hardware.</summary>
    public required string Hardware { get; init; }

    /// <summary>Facts of its hardware.</summary>
    public required IReadOnlyDictionary<string, string> HardwareFacts { get; init; }

    /// <summary>Attempts at a time.</summary>
    public required int Slots { get; init; }

    /// <summary>Cores that its attempts may use together.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory that its attempts may use together.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Data sets that it can read: task to SHA-256.</summary>
    public required IReadOnlyDictionary<string, string> Data { get; init; }
}

/// <summary>An attempt that is leased or started.</summary>
public sealed record LiveAttempt
{
    /// <summary>Its token.</summary>
    public required long Token { get; init; }

    /// <summary>The trial.</summary>
    public required long Trial { get; init; }

    /// <summary>1 for the trial's first attempt.</summary>
    public required int Number { get; init; }

    /// <summary>The worker.</summary>
    public required string Worker { get; init; }

    /// <summary>The checkpoint from which it goes on; null: from the first step.</summary>
    public StoredCheckpoint? Resume { get; init; }

    /// <summary>Whether its trainer was seen running.</summary>
    public required bool Started { get; init; }

    /// <summary>Live sweeps that want the trial.</summary>
    public required IReadOnlyList<long> Sweeps { get; init; }

    /// <summary>What it runs.</summary>
    public required TrialSpec Spec { get; init; }
}

/// <summary>A live sweep.</summary>
/// <param name="Id">Number.</param>
/// <param name="Priority">Higher first.</param>
/// <param name="MaxConcurrentTrials">Trials that may run at a time.</param>
/// <param name="TrialCount">Its trials; their places are the numbers from 0.</param>
/// <param name="TraceParent">Trace context of its submit, or null.</param>
public sealed record LiveSweep(
    long Id,
    int Priority,
    int MaxConcurrentTrials,
    int TrialCount,
    string? TraceParent
);

/// <summary>A trial that waits for a worker, as one sweep wants it.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Position">Place in the sweep's order.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Spec">What is to run.</param>
/// <param name="WaitsSince">When a sweep first asked for it.</param>
public sealed record WaitingTrial(
    long Sweep,
    int Position,
    long Trial,
    TrialSpec Spec,
    DateTimeOffset WaitsSince
);

/// <summary>What the dispatcher keeps in memory, but for the waiting trials.</summary>
/// <param name="Workers">Workers that are here.</param>
/// <param name="Attempts">Attempts that are leased or started.</param>
/// <param name="Sweeps">Live sweeps.</param>
public sealed record DispatchState(
    IReadOnlyList<KnownWorker> Workers,
    IReadOnlyList<LiveAttempt> Attempts,
    IReadOnlyList<LiveSweep> Sweeps
);
