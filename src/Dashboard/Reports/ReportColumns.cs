using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Dashboard.Reports;

/// <summary>The numbers of a report's summary, in their order; those that nothing measured are left out.</summary>
public static class ReportColumns
{
    private static readonly string[] Names =
    [
        "accuracy",
        "gap",
        "bits_per_character",
        "loss",
        "tokens_per_cpu_second",
        "cpu_seconds",
        "peak_memory_bytes",
        "activation_bytes",
    ];

    /// <summary>The columns that some row has.</summary>
    public static IReadOnlyList<MetricDefinition> Of(IReadOnlyList<SweepReportRow> rows) =>
        [
            .. Names
                .Where(name => rows.Any(row => row.Metric(name) is not null))
                .Select(MetricCatalog.Find)
                .OfType<MetricDefinition>(),
        ];

    /// <summary>Median, and the range of the seeds where there are several.</summary>
    public static (string Median, string Range) Cell(SweepReportRow row, MetricDefinition metric) =>
        row.Metric(metric.Name) is not { } spread ? (Format.Absent, "")
        : spread.Count == 1 ? (Format.Metric(metric.Name, spread.Median), "")
        : (
            Format.Metric(metric.Name, spread.Median),
            $"[{Format.Metric(metric.Name, spread.Min)}, {Format.Metric(metric.Name, spread.Max)}]"
        );
}
