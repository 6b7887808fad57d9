using System.Text.Json.Serialization;

namespace Harness.Domain.Trials;

/// <summary>The one line that a trainer reads; its standard input stays open as a lifeline.</summary>
public sealed record TrainerRequest
{
    /// <summary>Version of the protocol: <see cref="Version"/>.</summary>
    public int Protocol { get; init; } = Version;

    /// <summary>The trial to run.</summary>
    public required TrialSpec Trial { get; init; }

    /// <summary>W3C trace context of the attempt; null where nobody traces it, or where the environment names it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Where its checkpoints go, and the one from which it goes on; null: it keeps none.</summary>
    public CheckpointFiles? Checkpoints { get; init; }

    /// <summary>Version of this protocol.</summary>
    public const int Version = 2;
}

/// <summary>Files between a trainer and its worker, who takes them away.</summary>
/// <param name="Folder">Where the trainer writes a checkpoint after every <c>checkpoint_every</c> steps.</param>
/// <param name="Resume">The file from which it goes on; null: from the first step.</param>
public sealed record CheckpointFiles(string Folder, string? Resume);

/// <summary>One line of a trainer's standard output.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(TrainerHello), "hello")]
[JsonDerivedType(typeof(TrainerStarted), "started")]
[JsonDerivedType(typeof(TrainerProgress), "progress")]
[JsonDerivedType(typeof(TrainerPoints), "points")]
[JsonDerivedType(typeof(TrainerProfile), "profile")]
[JsonDerivedType(typeof(TrainerCheckpoint), "checkpoint")]
[JsonDerivedType(typeof(TrainerResult), "result")]
[JsonDerivedType(typeof(TrainerFailure), "failed")]
public abstract record TrainerEvent;

/// <summary>First line: the native library is loaded.</summary>
/// <param name="Protocol">Version of the protocol.</param>
/// <param name="Numerics">The trainer's numerics number; another one than the trial's is refused.</param>
/// <param name="Runtime">Facts of the runtime: <c>libtorch</c>, <c>build</c>, <c>threads</c>, <c>allocator</c>, …</param>
public sealed record TrainerHello(
    int Protocol,
    int Numerics,
    SortedDictionary<string, string> Runtime
) : TrainerEvent;

/// <summary>The model is built; training begins.</summary>
/// <param name="ParameterCount">Number of trained numbers.</param>
/// <param name="Steps">Steps of the budget.</param>
public sealed record TrainerStarted(long ParameterCount, int Steps) : TrainerEvent;

/// <summary>At most four a second, for progress bars.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the budget.</param>
public sealed record TrainerProgress(int Step, int Steps) : TrainerEvent;

/// <summary>A chunk of a curve. All three lists have one length.</summary>
/// <param name="Metric">Name from the metric catalogue.</param>
/// <param name="Steps">Rising steps.</param>
/// <param name="Values">Values; NaN and infinities are kept.</param>
/// <param name="Seconds">The trainer's monotonic clock, since its start.</param>
public sealed record TrainerPoints(
    string Metric,
    IReadOnlyList<int> Steps,
    IReadOnlyList<double> Values,
    IReadOnlyList<double> Seconds
) : TrainerEvent;

/// <summary>A measured curve with a named axis.</summary>
/// <param name="Name">e.g. <c>accuracy</c>, <c>gradient_norm</c>, <c>throughput_windows</c>.</param>
/// <param name="Axis">e.g. <c>lag</c>, <c>length</c>, <c>position</c>, <c>window</c>.</param>
/// <param name="At">Points of the axis.</param>
/// <param name="Values">One value a point.</param>
/// <param name="Samples">Number of observations behind each value; null where it is a single reading.</param>
public sealed record TrainerProfile(
    string Name,
    string Axis,
    IReadOnlyList<double> At,
    IReadOnlyList<double> Values,
    IReadOnlyList<long>? Samples
) : TrainerEvent;

/// <summary>A checkpoint is whole on disk. All points of curves before its step were written before this.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="File">Its path.</param>
/// <param name="Hash">SHA-256 of the file: 64 hexadecimal digits.</param>
public sealed record TrainerCheckpoint(int Step, string File, string Hash) : TrainerEvent;

/// <summary>Last line of a trial that ended as a measurement.</summary>
/// <param name="Outcome">What was measured.</param>
/// <param name="Metrics">Final numbers by catalogue name; absent where not measured.</param>
/// <param name="ParameterCount">Number of trained numbers.</param>
/// <param name="ParameterHash">SHA-256 over the final parameters' bytes; null where training did not end.</param>
/// <param name="Contended">Whether the machine was contended; null where it was not measured.</param>
public sealed record TrainerResult(
    TrialOutcome Outcome,
    SortedDictionary<string, double> Metrics,
    long? ParameterCount,
    string? ParameterHash,
    bool? Contended
) : TrainerEvent;

/// <summary>Last line of a trial whose job failed.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Message">One sentence.</param>
public sealed record TrainerFailure(FailureKind Kind, string Message) : TrainerEvent;
