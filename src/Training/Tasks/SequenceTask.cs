using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using static TorchSharp.torch;

namespace Harness.Training.Tasks;

/// <summary>Sequences with targets. Positions that are not scored have the target <see cref="Unscored"/>.</summary>
/// <param name="Tokens">int64, [B, T].</param>
/// <param name="Targets">int64, [B, T].</param>
public sealed record Batch(Tensor Tokens, Tensor Targets) : IDisposable
{
    /// <summary>Target of a position that no loss and no score looks at.</summary>
    public const long Unscored = -100;

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Targets.Dispose();
    }
}

/// <summary>Held-out sequences of one evaluation.</summary>
/// <param name="Batch">Sequences; only positions that carry data are scored.</param>
/// <param name="At">Point of the task's axis; null where each position is a point of its own (1 for the first).</param>
public sealed record EvaluationSet(Batch Batch, double? At);

/// <summary>What a model is trained and evaluated on.</summary>
public abstract class SequenceTask
{
    /// <summary>Number of symbols.</summary>
    public abstract int Vocabulary { get; }

    /// <summary>Longest sequence in training.</summary>
    public abstract int TrainingLength { get; }

    /// <summary>Longest sequence in training and evaluation.</summary>
    public abstract int MaxLength { get; }

    /// <summary>A training batch.</summary>
    /// <param name="random">Generator of this step; nothing else may be drawn from.</param>
    /// <param name="size">B.</param>
    public abstract Batch Draw(Generator random, int size);

    /// <summary>A training batch of the greatest length, for memory.</summary>
    public abstract Batch DrawLongest(Generator random, int size);

    /// <summary>Held-out sequences, drawn from a stream that training never uses.</summary>
    /// <param name="random">Generator of the n-th set.</param>
    /// <param name="sequences">Sequences a set.</param>
    public abstract IEnumerable<EvaluationSet> Evaluate(Func<int, Generator> random, int sequences);

    /// <summary>The best guess that ignores order, at that point of the axis.</summary>
    public abstract double Chance(double at);

    /// <summary>Whether training covers that point of the axis.</summary>
    public abstract bool IsTrained(double at);
}

/// <summary>A task that a trial may name. Touches no tensor and no file.</summary>
/// <param name="Entry">What everything outside the trainer knows.</param>
public abstract record TaskDefinition(TaskEntry Entry);

/// <summary>A task on which models are trained, and how to build it.</summary>
/// <param name="Entry">What everything outside the trainer knows.</param>
/// <param name="Build">Builds it from the settings of a trial.</param>
public sealed record TrainedTask(TaskEntry Entry, Func<TrialSpec, SequenceTask> Build)
    : TaskDefinition(Entry);
