using System.Text.Json.Serialization;
using Harness.Domain.Trials;

namespace Harness.Domain.Api;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">Row.</typeparam>
/// <param name="Items">Rows.</param>
/// <param name="Next">Cursor of the next page, or null at the end.</param>
/// <param name="Total">Exact number of rows behind all pages.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, long Total);

/// <summary>Answer to a submit. A dry run has neither id nor link.</summary>
public sealed record SubmitReply
{
    /// <summary>Id of the sweep, or null for a dry run.</summary>
    public string? Sweep { get; init; }

    /// <summary>Whether this submit made it; false where it existed already.</summary>
    public required bool Created { get; init; }

    /// <summary>Trials of the sweep.</summary>
    public required int Trials { get; init; }

    /// <summary>How many of them existed before, from this or other sweeps.</summary>
    public required int Reused { get; init; }

    /// <summary>What a person should know, e.g. that no worker matches.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>First trials in words, for a dry run.</summary>
    public IReadOnlyList<string> Plan { get; init; } = [];

    /// <summary>
    /// Whether this is the answer to an earlier submit with the same idempotency key. The API says so by the header
    /// <c>Idempotency-Replayed</c>, since the answer itself is to be the same.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replayed { get; init; }
}

/// <summary>A sweep in a list.</summary>
public record SweepSummary
{
    /// <summary>Id.</summary>
    public required string Sweep { get; init; }

    /// <summary>Name from the file.</summary>
    public required string Name { get; init; }

    /// <summary>State.</summary>
    public required SweepState State { get; init; }

    /// <summary>Who submitted it.</summary>
    public required string SubmittedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When the first trial was leased.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Number of trials.</summary>
    public required int TrialCount { get; init; }

    /// <summary>Trials by the word of their state; states without trials are absent.</summary>
    public required SortedDictionary<string, int> States { get; init; }

    /// <summary>Steps done by running trials, as a share of one trial each: 1.5 = one and a half trials.</summary>
    public required double RunningShare { get; init; }

    /// <summary>Seconds left, 80 % interval; null where nothing supports one.</summary>
    public IReadOnlyList<double>? EtaSeconds { get; init; }

    /// <summary>Higher first.</summary>
    public int Priority { get; init; }

    /// <summary>Trials of it that may run at a time; null where it sets no limit.</summary>
    public int? MaxConcurrentTrials { get; init; }

    /// <summary>Number of its last event: grows with each change. Its ETag.</summary>
    public int Version { get; init; }
}

/// <summary>A sweep with its trials: <c>show SWEEP --json</c> and <c>run --json</c>.</summary>
public sealed record SweepDetail : SweepSummary
{
    /// <summary>From the file.</summary>
    public string? Description { get; init; }

    /// <summary>Hash of the resolved spec.</summary>
    public required string SpecHash { get; init; }

    /// <summary>The file as it was submitted.</summary>
    public required string Source { get; init; }

    /// <summary>Every trial.</summary>
    public required IReadOnlyList<TrialRow> Trials { get; init; }

    /// <summary>Accuracy by lag or length of every trial.</summary>
    public required IReadOnlyList<AccuracyRow> Accuracy { get; init; }
}

/// <summary>A row of <c>v1_trials</c>; null where not measured.</summary>
public sealed record TrialRow
{
    /// <summary>Id of the sweep.</summary>
    public required string Sweep { get; init; }

    /// <summary>Id of the trial.</summary>
    public required string Trial { get; init; }

    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>Task.</summary>
    public required string Task { get; init; }

    /// <summary>Seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Repeat.</summary>
    public required int Repeat { get; init; }

    /// <summary>Settings.</summary>
    public required SortedDictionary<string, SettingValue> Parameters { get; init; }

    /// <summary>Trained numbers.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>SHA-256 of the final parameters.</summary>
    public string? ParameterHash { get; init; }

    /// <summary>State.</summary>
    public required TrialState State { get; init; }

    /// <summary>Outcome of a succeeded trial.</summary>
    public TrialOutcome? Outcome { get; init; }

    /// <summary>Attempts so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>Worker of the accepted or current attempt.</summary>
    public string? Worker { get; init; }

    /// <summary>Short hash of the hardware.</summary>
    public string? Hardware { get; init; }

    /// <summary>Held-out loss in nats.</summary>
    public double? Loss { get; init; }

    /// <summary>Token accuracy on scored positions.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Share of sequences without a fault.</summary>
    public double? ExactMatch { get; init; }

    /// <summary>Best order-free guess.</summary>
    public double? Chance { get; init; }

    /// <summary>(accuracy - chance) / (1 - chance).</summary>
    public double? Gap { get; init; }

    /// <summary>Processed tokens a wall second, median window.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Processed tokens a CPU second, median window.</summary>
    public double? TokensPerCpuSecond { get; init; }

    /// <summary>Median step, wall.</summary>
    public double? StepMilliseconds { get; init; }

    /// <summary>CPU seconds of the trainer.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Peak above idle.</summary>
    public double? PeakMemoryBytes { get; init; }

    /// <summary>Held for backward at the end of forward.</summary>
    public double? ActivationBytes { get; init; }

    /// <summary>Inference state.</summary>
    public double? StateBytes { get; init; }

    /// <summary>Whether the machine was contended.</summary>
    public bool? Contended { get; init; }

    /// <summary>All other final metrics by name.</summary>
    public SortedDictionary<string, double> Metrics { get; init; } = [];

    /// <summary>Why it failed or is quarantined.</summary>
    public string? Reason { get; init; }

    /// <summary>Steps done by the current attempt.</summary>
    public int? Step { get; init; }
}

/// <summary>A row of <c>v1_accuracy</c>.</summary>
/// <param name="Trial">Id of the trial.</param>
/// <param name="Axis"><c>lag</c>, <c>length</c> or <c>position</c>.</param>
/// <param name="Value">Point of the axis.</param>
/// <param name="Accuracy">Token accuracy there.</param>
/// <param name="Samples">Scored tokens behind it.</param>
public sealed record AccuracyRow(
    string Trial,
    string Axis,
    double Value,
    double Accuracy,
    long Samples
);

/// <summary>An entry of the append-only history.</summary>
/// <param name="Sequence">Number under the trial's lock.</param>
/// <param name="At">Database clock.</param>
/// <param name="Kind">e.g. <c>leased</c>, <c>started</c>, <c>completed</c>, <c>expired</c>, <c>fenced</c>.</param>
/// <param name="Token">Attempt, or null.</param>
/// <param name="Worker">Worker, or null.</param>
/// <param name="Detail">Reason, or null.</param>
public sealed record EventRow(
    long Sequence,
    DateTimeOffset At,
    string Kind,
    long? Token,
    string? Worker,
    string? Detail
);

/// <summary>A measured curve of a trial.</summary>
/// <param name="Name">Profile or metric.</param>
/// <param name="Axis">Axis; <c>step</c> for metrics.</param>
/// <param name="At">Points.</param>
/// <param name="Values">Values.</param>
public sealed record CurveRow(
    string Name,
    string Axis,
    IReadOnlyList<double> At,
    IReadOnlyList<double> Values
);

/// <summary>One trial with its history: <c>show T-7</c>.</summary>
public sealed record TrialDetail
{
    /// <summary>The row.</summary>
    public required TrialRow Row { get; init; }

    /// <summary>History.</summary>
    public required IReadOnlyList<EventRow> Events { get; init; }

    /// <summary>Profiles and metric curves, at most 5,000 points a series.</summary>
    public required IReadOnlyList<CurveRow> Curves { get; init; }

    /// <summary>The trial that took its place by a retry, or null.</summary>
    public string? Again { get; init; }

    /// <summary>The failed trials whose place it took, newest first.</summary>
    public IReadOnlyList<string> Retries { get; init; } = [];
}

/// <summary>A worker.</summary>
public sealed record WorkerRow
{
    /// <summary>Id.</summary>
    public required string Worker { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Machine.</summary>
    public required string Host { get; init; }

    /// <summary><c>ready</c>, <c>draining</c>, <c>lost</c> or <c>left</c>.</summary>
    public required string State { get; init; }

    /// <summary>Attempts at a time.</summary>
    public required int Slots { get; init; }

    /// <summary>Attempts now.</summary>
    public required int Busy { get; init; }

    /// <summary>Short hash of the hardware.</summary>
    public required string Hardware { get; init; }

    /// <summary>Last sign of life.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}

/// <summary>A claim and its newest verdict.</summary>
public sealed record ClaimRow
{
    /// <summary>Id, e.g. <c>order</c>.</summary>
    public required string Claim { get; init; }

    /// <summary>The essay's sentence.</summary>
    public required string Statement { get; init; }

    /// <summary><c>unmeasured</c>, <c>running</c>, <c>supported</c>, <c>refuted</c> or <c>inconclusive</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Size of its run, or null where there is none.</summary>
    public string? Profile { get; init; }

    /// <summary>When the run's file was stored, or null.</summary>
    public DateTimeOffset? RegisteredAt { get; init; }

    /// <summary>The verdict document, as it is stored; null where there is none.</summary>
    public string? Document { get; init; }

    /// <summary>Sweeps of its newest run.</summary>
    public IReadOnlyList<string> Sweeps { get; init; } = [];
}

/// <summary>Asks for a run of claims.</summary>
/// <param name="Claims">Ids; empty: all.</param>
/// <param name="Profile"><c>smoke</c>, <c>quick</c> or <c>full</c>.</param>
public sealed record ClaimRunRequest(IReadOnlyList<string> Claims, string Profile);

/// <summary>Started runs.</summary>
/// <param name="Sweeps">Sweeps that measure them.</param>
/// <param name="Reach">What each part can decide with how many seeds, in words.</param>
public sealed record ClaimRunReply(IReadOnlyList<string> Sweeps, IReadOnlyList<string> Reach);
