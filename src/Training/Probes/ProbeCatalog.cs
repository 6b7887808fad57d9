using Harness.Domain.Catalogue;

namespace Harness.Training.Probes;

/// <summary>Every probe that a sweep may name.</summary>
public static class ProbeCatalog
{
    /// <summary>One line a probe.</summary>
    public static IReadOnlyList<ProbeDefinition> All { get; } =
    [GradientFlow.Definition, Memory, Permutation.Definition, Throughput];

    private static ProbeDefinition Memory =>
        new(
            new ProbeEntry(
                "memory",
                "Bytes held for backward, peak of resident memory above idle, bytes of inference state.",
                ["activation_bytes", "peak_memory_bytes", "state_bytes"]
            ),
            null
        );

    private static ProbeDefinition Throughput =>
        new(
            new ProbeEntry(
                "throughput",
                "Tokens per wall and per CPU second in windows of training steps.",
                [
                    "cpu_wall_ratio",
                    "scored_tokens_per_second",
                    "step_milliseconds",
                    "tokens_per_cpu_second",
                    "tokens_per_second",
                    "tokens_per_second_p10",
                    "tokens_per_second_p90",
                ]
            ),
            null
        );
}
