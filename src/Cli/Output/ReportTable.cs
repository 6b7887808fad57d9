using System.Globalization;
using Harness.Domain.Api;
using Harness.Domain.Catalogue;
using Harness.Domain.Metrics;

namespace Harness.Cli.Output;

/// <summary>What a sweep says, per model and task.</summary>
public static class ReportTable
{
    private static readonly string[] OfTraining =
    [
        "accuracy",
        "tokens_per_cpu_second",
        "peak_memory_bytes",
    ];
    private static readonly string[] WhereMeasured = ["accuracy_beyond", "bits_per_character"];

    /// <summary>How to read the figures.</summary>
    public const string Caption =
        "median [least, greatest] over the seeds; tokens per CPU-second; peak memory above idle";

    /// <summary>A row a cell of the sweep.</summary>
    public static TextTable Of(IReadOnlyList<SweepReportRow> rows)
    {
        var metrics = WhereMeasured
            .Where(name => rows.Any(row => row.Metric(name) is not null))
            .Concat(rows.Any(Trains) ? OfTraining : [])
            .OrderBy(name => MetricCatalog.All.Select(metric => metric.Name).ToList().IndexOf(name))
            .ToList();
        var cells = rows.Any(row => row.Cell.Length > 0);
        return new TextTable(
            [
                new("Task"),
                new("Model"),
                .. cells ? [new TextColumn("Settings")] : Array.Empty<TextColumn>(),
                new("Trials", true),
                .. metrics.Select(name => new TextColumn(MetricCatalog.Find(name)!.Title, true)),
            ],
            [
                .. rows.Select(row =>
                    (IReadOnlyList<string>)
                        [
                            row.Task,
                            row.Model,
                            .. cells ? [row.Cell] : Array.Empty<string>(),
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{row.Succeeded}/{row.Trials.Count}"
                            ),
                            .. metrics.Select(name => Cell(name, row.Metric(name))),
                        ]
                ),
            ]
        );
    }

    // A sweep of tasks that train nothing has no such figures; a failed training lacks them, and that is to be seen.
    private static bool Trains(SweepReportRow row) =>
        TrainerCatalogue.Task(row.Task) is not { Axis: null };

    /// <summary>A number with its spread.</summary>
    public static string Cell(string metric, Spread? spread) =>
        spread is null ? Format.Absent
        : spread.Count == 1 ? Format.Metric(metric, spread.Median)
        : $"{Format.Metric(metric, spread.Median)} [{Format.Metric(metric, spread.Min)}, {Format.Metric(metric, spread.Max)}]";
}
