using System.Globalization;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Cli.Output;

/// <summary>A row a trial.</summary>
public static class TrialTable
{
    /// <summary>The table.</summary>
    public static TextTable Of(IReadOnlyList<TrialRow> trials) =>
        new(
            [
                new("Trial"),
                new("Model"),
                new("Task"),
                new("Seed", true),
                new("State"),
                new("Outcome"),
                new("Attempts", true),
                new("Accuracy", true),
                new("Tokens/CPU-s", true),
                new("Peak", true),
            ],
            [
                .. trials.Select(trial =>
                    (IReadOnlyList<string>)
                        [
                            trial.Trial,
                            trial.Model,
                            trial.Task,
                            trial.Seed.ToString(CultureInfo.InvariantCulture),
                            Words.Of(trial.State),
                            trial.Outcome is { } outcome ? Words.Of(outcome) : Format.Absent,
                            trial.Attempts.ToString(CultureInfo.InvariantCulture),
                            Format.Share(trial.Accuracy),
                            Format.Rate(trial.TokensPerCpuSecond),
                            Format.Bytes(trial.PeakMemoryBytes),
                        ]
                ),
            ]
        );
}
