using Harness.Domain.Catalogue;
using static TorchSharp.torch;

namespace Harness.Training.Probes;

/// <summary>Exact permutation algebra: does the network commute with reordering its input?</summary>
/// <remarks>
/// max |f(P x) - P f(x)| over random permutations P, float64. Zero up to rounding means that order cannot matter to
/// any readout that treats positions alike.
/// </remarks>
public static class Permutation
{
    private const int Sequences = 4;
    private const int Length = 16;
    private const int Permutations = 100;

    /// <summary>Entry in the catalogue.</summary>
    public static ProbeDefinition Definition { get; } =
        new(
            new ProbeEntry(
                "permutation",
                "Greatest difference between the output for a permuted input and the permuted output, float64.",
                ["permutation_error", "permutation_error_trained"]
            ),
            Measure
        );

    private static void Measure(ProbeContext context)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var random = RandomKey.At(context.Spec.Seed, RandomKey.Probe, 1);
        var length = Math.Min(Length, context.Task.MaxLength);
        var tokens = context.Tokens(Sequences, length); // [B, T]
        var plain = context.Twin.call(tokens); // [B, T, V]
        var worst = 0.0;
        for (var number = 0; number < Permutations; number++)
        {
            using var inner = NewDisposeScope();
            context.Events.Alive();
            var order = randperm(length, dtype: ScalarType.Int64, generator: random);
            var permuted = context.Twin.call(tokens.index_select(1, order));
            worst = Math.Max(
                worst,
                (permuted - plain.index_select(1, order)).abs().max().item<double>()
            );
        }

        context.Metrics[context.Name("permutation_error")] = worst;
    }
}
