using Harness.Domain.Trials;

namespace Harness.Domain.Workers;

/// <summary>Version of the workers' endpoint <c>/worker/v1</c>.</summary>
public static class WorkerProtocol
{
    /// <summary>A worker with another number is refused with a sentence that names both.</summary>
    public const int Version = 2;
}

/// <summary><c>POST /worker/v1/join</c>: a worker says what it is. Joining again with the same id is idempotent.</summary>
public sealed record JoinRequest
{
    /// <summary>The worker's <see cref="WorkerProtocol.Version"/>.</summary>
    public required int Protocol { get; init; }

    /// <summary>Chosen by the worker at its start; letters, digits and hyphens, at most 64.</summary>
    public required string WorkerId { get; init; }

    /// <summary>Name for people, e.g. the container's host name.</summary>
    public required string Name { get; init; }

    /// <summary>The machine (boot id, or <c>--host-id</c>).</summary>
    public required string HostId { get; init; }

    /// <summary>How many attempts it runs at a time.</summary>
    public required int Slots { get; init; }

    /// <summary>Cores that its attempts may use together.</summary>
    public required int Cores { get; init; }

    /// <summary>Bytes of memory that its attempts may use together.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>
    /// Stable facts of the machine. Of these the dispatcher reads <c>cores</c> and <c>memory_bytes</c>: what all workers
    /// of the host share, where each of them is limited to a part of it.
    /// </summary>
    public required SortedDictionary<string, string> Hardware { get; init; }

    /// <summary>Facts of the system: OS, driver, build.</summary>
    public required SortedDictionary<string, string> Runtime { get; init; }

    /// <summary>Data sets that this worker can read: task name to SHA-256.</summary>
    public required SortedDictionary<string, string> Data { get; init; }
}

/// <summary>What the silo tells a worker that joined.</summary>
/// <param name="LeaseSeconds">Length of a lease.</param>
/// <param name="BeatSeconds">How often a heartbeat is due.</param>
public sealed record JoinReply(double LeaseSeconds, double BeatSeconds)
{
    /// <summary>
    /// Id of the database behind the silo. Tokens begin anew in another one, so what a worker kept for this one is
    /// handed in to no other. Null from a silo that does not say.
    /// </summary>
    public string? Store { get; init; }
}

/// <summary>An attempt that a worker is to run.</summary>
/// <param name="TrialId">The trial.</param>
/// <param name="Token">Fencing token: every message about the attempt carries it.</param>
/// <param name="Number">1 for the trial's first attempt.</param>
/// <param name="Spec">What to run.</param>
/// <param name="TraceParent">W3C trace context of the attempt, or null.</param>
public sealed record Lease(
    long TrialId,
    long Token,
    int Number,
    TrialSpec Spec,
    string? TraceParent
)
{
    /// <summary>The checkpoint from which it goes on; null: from the first step.</summary>
    public StoredCheckpoint? Resume { get; init; }
}

/// <summary>A checkpoint that the silo keeps: <c>GET /worker/v1/checkpoints/HASH</c>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Hash">SHA-256 of its bytes: 64 hexadecimal digits.</param>
/// <param name="Bytes">How many they are.</param>
public sealed record StoredCheckpoint(int Step, string Hash, long Bytes);

/// <summary>How an attempt ended, as its worker saw it.</summary>
public sealed record Completion
{
    /// <summary>The trial.</summary>
    public required long TrialId { get; init; }

    /// <summary>The attempt's token.</summary>
    public required long Token { get; init; }

    /// <summary>Completed, failed, cancelled or drained.</summary>
    public required AttemptState State { get; init; }

    /// <summary>The result, when completed.</summary>
    public TrainerResult? Result { get; init; }

    /// <summary>Why it failed, when failed.</summary>
    public FailureKind? Failure { get; init; }

    /// <summary>One sentence and the last log lines, when failed.</summary>
    public string? Message { get; init; }

    /// <summary>CPU seconds that the trainer used, start-up included; null where unknown.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Facts of the trainer's runtime from its first line.</summary>
    public SortedDictionary<string, string>? Runtime { get; init; }
}

/// <summary>A sign of life of one attempt.</summary>
/// <param name="TrialId">The trial.</param>
/// <param name="Token">The attempt's token.</param>
/// <param name="Step">Steps done, or null before the first.</param>
/// <param name="Started">Whether its trainer runs.</param>
public sealed record Heartbeat(long TrialId, long Token, int? Step, bool Started);

/// <summary>
/// <c>POST /worker/v1/sync</c>: long poll; answered at once for a lease, a cancel or a completion, else within 4 s.
/// Idempotent by (trial, token).
/// </summary>
public sealed record SyncRequest
{
    /// <summary>Who speaks.</summary>
    public required string WorkerId { get; init; }

    /// <summary>Attempts that ended since the last acknowledged sync.</summary>
    public required IReadOnlyList<Completion> Completed { get; init; }

    /// <summary>All attempts that the worker still holds.</summary>
    public required IReadOnlyList<Heartbeat> Heartbeats { get; init; }

    /// <summary>How many more attempts it can take now.</summary>
    public required int FreeSlots { get; init; }

    /// <summary>Whether it is stopping and takes nothing more.</summary>
    public bool Draining { get; init; }
}

/// <summary>What a worker is to do.</summary>
public sealed record SyncReply
{
    /// <summary>New attempts. One is given again until a heartbeat names it, in case an answer was lost.</summary>
    public required IReadOnlyList<Lease> Leases { get; init; }

    /// <summary>Tokens of attempts to end: cancelled, or no longer this worker's.</summary>
    public required IReadOnlyList<long> Stop { get; init; }

    /// <summary>
    /// Whether a trial that measures its process or the machine runs on this worker's host: no spare trainer is to be
    /// started or kept beside it.
    /// </summary>
    public bool Quiet { get; init; }

    /// <summary>Tokens of completions that are durably recorded or refused for good: the worker may forget them.</summary>
    public required IReadOnlyList<long> Acknowledged { get; init; }
}

/// <summary><c>POST /worker/v1/ingest</c>: what attempts measured, before their completion. Idempotent.</summary>
public sealed record IngestRequest
{
    /// <summary>Who speaks.</summary>
    public required string WorkerId { get; init; }

    /// <summary>One entry an attempt.</summary>
    public required IReadOnlyList<AttemptData> Attempts { get; init; }
}

/// <summary>Data of one attempt.</summary>
public sealed record AttemptData
{
    /// <summary>The trial.</summary>
    public required long TrialId { get; init; }

    /// <summary>The attempt's token.</summary>
    public required long Token { get; init; }

    /// <summary>Chunks of curves, 256 points each at most.</summary>
    public IReadOnlyList<TrainerPoints> Points { get; init; } = [];

    /// <summary>Measured profiles.</summary>
    public IReadOnlyList<TrainerProfile> Profiles { get; init; } = [];

    /// <summary>Log lines from standard error, in order.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>Number of the first log line, so that a repeated request adds nothing.</summary>
    public int FirstLogLine { get; init; }
}

/// <summary>What became of the data.</summary>
/// <param name="Refused">Tokens whose data were refused, since the attempt is no longer current.</param>
public sealed record IngestReply(IReadOnlyList<long> Refused)
{
    /// <summary>Attempts whose data can never be stored: they are to fail with the reason. Null: none.</summary>
    public IReadOnlyList<IngestFault>? Faults { get; init; }
}

/// <summary>Data that are malformed.</summary>
/// <param name="Token">The attempt's token.</param>
/// <param name="Reason">What is wrong, a sentence without its end.</param>
public sealed record IngestFault(long Token, string Reason);
