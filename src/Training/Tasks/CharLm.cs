using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using static TorchSharp.torch;

namespace Harness.Training.Tasks;

/// <summary>Next character of a real book.</summary>
/// <remarks>
/// The text is The Devil's Dictionary (<see cref="Corpus"/>); its last tenth is held out and never trained on.
/// Windows begin anywhere in the training part; the held-out part is cut into windows side by side, so every held-out
/// character is predicted once at most, with the context of its window alone. The target of a position is the character after it (<c>_</c> blank):
/// <code>
/// input   W E _ a r e
/// target  E _ a r e _
/// </code>
/// </remarks>
public sealed class CharLm : SequenceTask
{
    private const double HeldOut = 0.1; // the last tenth; bigram and trigram counts are published for it

    /// <summary>Entry in the catalogue.</summary>
    public static TaskDefinition Definition { get; } =
        new TrainedTask(
            new TaskEntry
            {
                Name = "char-lm",
                Title = "Character model",
                Description =
                    "Predict the next character of The Devil's Dictionary; the last tenth is held out.",
                Source = "Bierce 1911, Debian package dict-devil, public domain",
                Axis = "position",
                Chance = "Share of the most frequent character in the held-out part.",
                Parameters =
                [
                    new()
                    {
                        Name = "length",
                        Kind = ParameterKind.Integer,
                        Description = "Characters of a window.",
                        Default = SettingValue.Of(64),
                        Min = 2,
                        Max = 2048,
                    },
                ],
                DataFile = Corpus.DevilsDictionary.File,
                DataHash = Corpus.DevilsDictionary.Hash,
                DataSetup = Corpus.DevilsDictionary.Setup,
            },
            spec => new CharLm(spec, Corpus.DevilsDictionary.Read())
        );

    private readonly int _length;
    private readonly long[] _training;
    private readonly long[] _heldOut;
    private readonly double _chance;

    /// <summary>Cuts the text.</summary>
    public CharLm(TrialSpec spec, string text)
    {
        _length = spec.Integer("length");
        var alphabet = text.Distinct()
            .Order()
            .Select((symbol, index) => (symbol, index))
            .ToDictionary();
        var symbols = text.Select(symbol => (long)alphabet[symbol]).ToArray();
        var cut = symbols.Length - (int)(symbols.Length * HeldOut);
        (_training, _heldOut) = (symbols[..cut], symbols[cut..]);
        Vocabulary = alphabet.Count;
        _chance =
            _heldOut.CountBy(symbol => symbol).Max(count => count.Value) / (double)_heldOut.Length;
    }

    /// <inheritdoc/>
    public override int Vocabulary { get; }

    /// <inheritdoc/>
    public override int TrainingLength => _length;

    /// <inheritdoc/>
    public override int MaxLength => _length;

    /// <inheritdoc/>
    public override Batch Draw(Generator random, int size)
    {
        using var starts = randint(
            0,
            _training.Length - _length,
            [size],
            ScalarType.Int64,
            generator: random
        );
        return Windows(_training, starts.data<long>().ToArray());
    }

    /// <inheritdoc/>
    public override Batch DrawLongest(Generator random, int size) => Draw(random, size);

    /// <inheritdoc/>
    /// <remarks>As many windows as were asked for, spread evenly over the held-out part; no draw is needed.</remarks>
    public override IEnumerable<EvaluationSet> Evaluate(Func<int, Generator> random, int sequences)
    {
        var all = (_heldOut.Length - 1) / _length;
        var count = Math.Min(sequences, all);
        var starts = Enumerable
            .Range(0, count)
            .Select(index => (long)index * all / count * _length);
        foreach (var chunk in starts.Chunk(256)) // bounds the memory of the logits
        {
            yield return new EvaluationSet(Windows(_heldOut, chunk), null);
        }
    }

    /// <inheritdoc/>
    public override double Chance(double at) => _chance;

    /// <inheritdoc/>
    public override bool IsTrained(double at) => true;

    private Batch Windows(long[] text, long[] starts)
    {
        var inputs = new long[starts.Length * _length];
        var targets = new long[inputs.Length];
        for (var row = 0; row < starts.Length; row++)
        {
            Array.Copy(text, starts[row], inputs, row * _length, _length);
            Array.Copy(text, starts[row] + 1, targets, row * _length, _length);
        }

        // One small tensor a step that is left to the collector would keep the heap from ever closing its gaps.
        return new Batch(
            tensor(inputs, starts.Length, _length),
            tensor(targets, starts.Length, _length)
        );
    }
}
