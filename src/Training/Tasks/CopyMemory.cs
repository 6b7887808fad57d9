using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using static TorchSharp.torch;

namespace Harness.Training.Tasks;

/// <summary>Copy memory: see some symbols, wait, repeat them in order when asked.</summary>
/// <remarks>
/// Hochreiter and Schmidhuber 1997; in the form of Arjovsky, Shah and Bengio 2016, section 5.1. With 2 items and lag 3
/// (<c>_</c> blank, <c>?</c> go, <c>.</c> not scored):
/// <code>
/// input   5 2 _ _ _ ? ?      length T = lag + 2 items
/// target  . . . . . 5 2
/// </code>
/// Symbols are 0 … S-1, blank is S, go is S+1. What it asks of a model: carry items * log2(S) bits over the lag.
/// </remarks>
public sealed class CopyMemory : SequenceTask
{
    /// <summary>Entry in the catalogue.</summary>
    public static TaskDefinition Definition { get; } =
        new TrainedTask(
            new TaskEntry
            {
                Name = "copy-memory",
                Title = "Copy memory",
                Description = "See some symbols, wait for the lag, repeat them in order.",
                Source =
                    "Hochreiter and Schmidhuber 1997; Arjovsky, Shah and Bengio 2016, section 5.1",
                Axis = "lag",
                Chance = "1 / symbols: every symbol is drawn independently and uniformly.",
                Parameters =
                [
                    new()
                    {
                        Name = "lag",
                        Kind = ParameterKind.Integer,
                        Description =
                            "Blank steps between the last symbol and the first recall; the greatest of them when variable.",
                        Default = SettingValue.Of(10),
                        Min = 1,
                        Max = 4096,
                    },
                    new()
                    {
                        Name = "lag_mode",
                        Kind = ParameterKind.Choice,
                        Description =
                            "fixed: every sequence has the lag; variable: each batch draws one from 1 to the lag.",
                        Default = SettingValue.Of("fixed"),
                        Choices = ["fixed", "variable"],
                    },
                    new()
                    {
                        Name = "items",
                        Kind = ParameterKind.Integer,
                        Description = "Symbols to remember.",
                        Default = SettingValue.Of(5),
                        Min = 1,
                        Max = 256,
                    },
                    new()
                    {
                        Name = "symbols",
                        Kind = ParameterKind.Integer,
                        Description = "Size of the alphabet.",
                        Default = SettingValue.Of(8),
                        Min = 2,
                        Max = 1024,
                    },
                    new()
                    {
                        Name = "supervision",
                        Kind = ParameterKind.Choice,
                        Description =
                            "data: loss on the recalled symbols; all: also on the blanks before them, as in the papers.",
                        Default = SettingValue.Of("data"),
                        Choices = ["data", "all"],
                    },
                ],
            },
            spec => new CopyMemory(spec)
        );

    private readonly int _lag;
    private readonly bool _variable;
    private readonly int _items;
    private readonly int _symbols;
    private readonly bool _all;

    /// <summary>Reads its settings.</summary>
    public CopyMemory(TrialSpec spec)
    {
        _lag = spec.Integer("lag");
        _variable = spec.Text("lag_mode") == "variable";
        _items = spec.Integer("items");
        _symbols = spec.Integer("symbols");
        _all = spec.Text("supervision") == "all";
    }

    /// <inheritdoc/>
    public override int Vocabulary => _symbols + 2;

    /// <inheritdoc/>
    public override int TrainingLength => _lag + 2 * _items;

    /// <inheritdoc/>
    public override int MaxLength => EvaluatedLags().Max() + 2 * _items;

    /// <inheritdoc/>
    public override Batch Draw(Generator random, int size)
    {
        var lag = _lag;
        if (_variable)
        {
            using var drawn = randint(1, _lag + 1, [1], ScalarType.Int64, generator: random);
            lag = (int)drawn.item<long>();
        }

        return Draw(random, size, lag, _all);
    }

    /// <inheritdoc/>
    public override Batch DrawLongest(Generator random, int size) => Draw(random, size, _lag, _all);

    /// <inheritdoc/>
    public override IEnumerable<EvaluationSet> Evaluate(Func<int, Generator> random, int sequences)
    {
        var number = 0;
        foreach (var lag in EvaluatedLags())
        {
            using var generator = random(number++);
            yield return new EvaluationSet(Draw(generator, sequences, lag, all: false), lag);
        }
    }

    /// <inheritdoc/>
    public override double Chance(double at) => 1.0 / _symbols;

    /// <inheritdoc/>
    public override bool IsTrained(double at) => _variable ? at <= _lag : at == _lag;

    /// <summary>Octaves up to the trained lag, and two octaves beyond it.</summary>
    private SortedSet<int> EvaluatedLags()
    {
        var lags = new SortedSet<int> { _lag, 2 * _lag, 4 * _lag };
        for (var lag = 1; lag < _lag; lag *= 2)
        {
            lags.Add(lag);
        }

        return lags;
    }

    private Batch Draw(Generator random, int size, int lag, bool all)
    {
        using var scope = NewDisposeScope();
        var (blank, go) = (_symbols, _symbols + 1);
        var symbols = randint(0, _symbols, [size, _items], ScalarType.Int64, generator: random); // [B, items]
        var blanks = full([size, lag], blank, dtype: ScalarType.Int64); // [B, lag]
        var asked = full([size, _items], go, dtype: ScalarType.Int64); // [B, items]
        var before = full(
            [size, _items + lag],
            all ? blank : Batch.Unscored,
            dtype: ScalarType.Int64
        ); // [B, items + lag]
        return new Batch(
            cat([symbols, blanks, asked], 1).MoveToOuterDisposeScope(),
            cat([before, symbols], 1).MoveToOuterDisposeScope()
        );
    }
}
