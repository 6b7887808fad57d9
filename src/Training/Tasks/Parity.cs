using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using static TorchSharp.torch;

namespace Harness.Training.Tasks;

/// <summary>Parity: is the number of ones so far odd?</summary>
/// <remarks>
/// Deletang et al. 2023 ("Neural networks and the Chomsky hierarchy"), parity check. Trained on lengths 2 to
/// <c>length</c>, evaluated on sequences five times as long; the point of the axis is the number of bits seen.
/// <code>
/// input               1 0 1 1 0 0
/// target, every step  1 1 0 1 1 1
/// target, final       . . . . . 1
/// </code>
/// What it asks of a model: one bit of state that every input may turn, for ever.
/// </remarks>
public sealed class Parity : SequenceTask
{
    /// <summary>Evaluated length over trained length.</summary>
    public const int Beyond = 5;

    /// <summary>Entry in the catalogue.</summary>
    public static TaskDefinition Definition { get; } =
        new TrainedTask(
            new TaskEntry
            {
                Name = "parity",
                Title = "Parity",
                Description =
                    "Tell whether the number of ones so far is odd; evaluated up to five times the trained length.",
                Source = "Deletang et al. 2023, parity check",
                Axis = "length",
                Chance =
                    "1 / 2: bits are independent and fair, so every prefix has either parity equally often.",
                Parameters =
                [
                    new()
                    {
                        Name = "length",
                        Kind = ParameterKind.Integer,
                        Description =
                            "Greatest number of bits in training; each batch draws its length from 2 up to it.",
                        Default = SettingValue.Of(40),
                        Min = 2,
                        Max = 4096,
                    },
                    new()
                    {
                        Name = "supervision",
                        Kind = ParameterKind.Choice,
                        Description =
                            "every: the parity of each prefix is a target; final: only that of the whole.",
                        Default = SettingValue.Of("every"),
                        Choices = ["every", "final"],
                    },
                ],
            },
            spec => new Parity(spec)
        );

    private readonly int _length;
    private readonly bool _final;

    /// <summary>Reads its settings.</summary>
    public Parity(TrialSpec spec)
    {
        _length = spec.Integer("length");
        _final = spec.Text("supervision") == "final";
    }

    /// <inheritdoc/>
    public override int Vocabulary => 2;

    /// <inheritdoc/>
    public override int TrainingLength => _length;

    /// <inheritdoc/>
    public override int MaxLength => Beyond * _length;

    /// <inheritdoc/>
    public override Batch Draw(Generator random, int size)
    {
        using var drawn = randint(2, _length + 1, [1], ScalarType.Int64, generator: random);
        return Draw(random, size, (int)drawn.item<long>());
    }

    /// <inheritdoc/>
    public override Batch DrawLongest(Generator random, int size) => Draw(random, size, _length);

    /// <inheritdoc/>
    /// <remarks>With a target at every step one set of the greatest length tells the accuracy at every length.</remarks>
    public override IEnumerable<EvaluationSet> Evaluate(Func<int, Generator> random, int sequences)
    {
        if (!_final)
        {
            using var generator = random(0);
            yield return new EvaluationSet(Draw(generator, sequences, MaxLength), null);
            yield break;
        }

        var number = 0;
        for (
            var length = 2;
            length <= MaxLength;
            length = length < _length ? Math.Min(length * 2, _length) : length + _length
        )
        {
            using var generator = random(number++);
            yield return new EvaluationSet(Draw(generator, sequences, length), length);
        }
    }

    /// <inheritdoc/>
    public override double Chance(double at) => 0.5;

    /// <inheritdoc/>
    public override bool IsTrained(double at) => at <= _length;

    private Batch Draw(Generator random, int size, int length)
    {
        using var scope = NewDisposeScope();
        var bits = randint(0, 2, [size, length], ScalarType.Int64, generator: random); // [B, T]
        var parity = bits.cumsum(1).remainder(2); // [B, T]
        if (_final)
        {
            parity = parity.masked_fill(arange(length).ne(length - 1), Batch.Unscored);
        }

        return new Batch(bits.MoveToOuterDisposeScope(), parity.MoveToOuterDisposeScope());
    }
}
