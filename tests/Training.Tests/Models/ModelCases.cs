using System.Globalization;
using Harness.Domain.Trials;
using Harness.Training.Models;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Models;

/// <summary>Every model of the catalogue with every choice of its settings: a new model is tested by being listed.</summary>
public static class ModelCases
{
    public const int Vocabulary = 6;
    public const int Length = 9;

    public static TheoryData<string> All() => [.. Labels()];

    public static TheoryData<string> Causal() =>
        [.. Labels().Where(label => !label.Contains("mask=full", StringComparison.Ordinal))];

    public static TheoryData<string> Fused() =>
        [.. Labels().Where(label => label.Contains("kernel=fused", StringComparison.Ordinal))];

    /// <summary>The trial of a label, e.g. <c>rnn kernel=fused activation=relu</c>; two layers.</summary>
    public static TrialSpec Spec(string label, string task = "copy-memory")
    {
        var words = label.Split(' ');
        return words[1..]
            .Select(word => word.Split('='))
            .Aggregate(
                SomeTrial.Of(words[0], task).With("layers", 2),
                (spec, pair) =>
                    double.TryParse(pair[1], CultureInfo.InvariantCulture, out var number)
                        ? spec.With(pair[0], number)
                        : spec.With(pair[0], pair[1])
            );
    }

    /// <summary>The model as a trainer initialises it.</summary>
    public static SequenceModel Build(
        TrialSpec spec,
        ScalarType type = ScalarType.Float64,
        int vocabulary = Vocabulary,
        int length = Length
    )
    {
        var (definition, _) = Catalogs.Shipped.Find(spec);
        var model = definition.Build(new ModelShape(vocabulary, length, spec, type));
        using var random = RandomKey.At(spec.Seed, RandomKey.Parameters, 0);
        model.Initialise(random);
        return model;
    }

    /// <summary>Uniformly drawn tokens.</summary>
    public static Tensor Tokens(int size, int length = Length, int vocabulary = Vocabulary)
    {
        using var random = RandomKey.At(7, RandomKey.Probe, 0);
        return randint(0, vocabulary, [size, length], ScalarType.Int64, generator: random);
    }

    public static IEnumerable<string> Labels() =>
        Catalogs
            .Shipped.Models.SelectMany(model =>
                model
                    .Entry.Parameters.Where(parameter => parameter.Choices is not null)
                    .Aggregate(
                        new[] { model.Entry.Name }.AsEnumerable(),
                        (labels, parameter) =>
                            labels.SelectMany(label =>
                                parameter.Choices!.Select(choice =>
                                    $"{label} {parameter.Name}={choice}"
                                )
                            )
                    )
            )
            // The library has no linear kernel; the model refuses the pair.
            .Where(label => label != "rnn kernel=fused activation=linear");
}
