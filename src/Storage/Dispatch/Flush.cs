using Harness.Domain.Workers;

namespace Harness.Storage.Dispatch;

/// <summary>Everything that one commit of the dispatcher writes.</summary>
public sealed record Flush
{
    /// <summary>The activation that writes.</summary>
    public required long Epoch { get; init; }

    /// <summary>Length of a lease.</summary>
    public required double LeaseSeconds { get; init; }

    /// <summary>Wait after the first counted failure.</summary>
    public required double BackOffSeconds { get; init; }

    /// <summary>Workers that gave a sign of life.</summary>
    public IReadOnlyList<WorkerSign> Workers { get; init; } = [];

    /// <summary>Attempts that live.</summary>
    public IReadOnlyList<Heartbeat> Heartbeats { get; init; } = [];

    /// <summary>Attempts that ended.</summary>
    public IReadOnlyList<Completion> Completions { get; init; } = [];

    /// <summary>Trials to lease.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>
    /// Trials that are believed to be open still: a sweep that wants one has not ended, and is not looked through. A
    /// wrong belief costs a look, never an end.
    /// </summary>
    public IReadOnlyList<long> Open { get; init; } = [];
}

/// <summary>A worker gave a sign of life.</summary>
/// <param name="Worker">Its id.</param>
/// <param name="State"><c>ready</c>, <c>draining</c> or <c>left</c>.</param>
public sealed record WorkerSign(string Worker, string State);

/// <summary>A trial that a worker is to get.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Worker">The worker.</param>
/// <param name="Hardware">Its hardware now.</param>
public sealed record Grant(long Trial, string Worker, string Hardware);

/// <summary>What a commit did. What is not named was refused: somebody else had changed it.</summary>
/// <param name="Beats">Attempts whose lease was renewed.</param>
/// <param name="Settled">Trials that a completion changed.</param>
/// <param name="Fenced">Tokens of results that came too late and stay as observations.</param>
/// <param name="Leased">Leases that were given.</param>
/// <param name="Ended">Sweeps that ended.</param>
public sealed record FlushResult(
    IReadOnlyList<Beat> Beats,
    IReadOnlyList<Settled> Settled,
    IReadOnlyList<long> Fenced,
    IReadOnlyList<Leased> Leased,
    IReadOnlyList<EndedSweep> Ended
);

/// <summary>A renewed lease.</summary>
/// <param name="Token">The attempt.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Begun">Whether this heartbeat was the first that saw its trainer running.</param>
/// <param name="Wanted">Whether a sweep still lets the trial run; else the attempt is to be stopped.</param>
public sealed record Beat(long Token, long Trial, bool Begun, bool Wanted);

/// <summary>A trial that a completion, an expiry or a wait changed.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Token">The attempt, or null where none was involved.</param>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
public sealed record Settled(long Trial, long? Token, string From, string To);

/// <summary>A lease that was given.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Token">The new attempt.</param>
/// <param name="Number">1 for the trial's first attempt.</param>
/// <param name="Resume">The checkpoint from which it goes on; null: from the first step.</param>
public sealed record Leased(long Trial, long Token, int Number, StoredCheckpoint? Resume);

/// <summary>A sweep that ended, or that came to rest.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="State">Its terminal state, or <c>paused</c>.</param>
public sealed record EndedSweep(long Sweep, string State);

/// <summary>What a look at clocks did.</summary>
/// <param name="Expired">Trials whose lease had run out.</param>
/// <param name="Ready">Trials whose wait is over.</param>
/// <param name="Lost">Workers that gave no sign of life.</param>
/// <param name="Ended">Sweeps that ended.</param>
public sealed record TickResult(
    IReadOnlyList<Settled> Expired,
    IReadOnlyList<Settled> Ready,
    IReadOnlyList<string> Lost,
    IReadOnlyList<EndedSweep> Ended
);
