using Harness.Dashboard.Charts;
using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Dashboard.Sweeps;

/// <summary>Throughput and memory: by length or lag where the sweep varies it, else a row of dots a model.</summary>
public static class CostCharts
{
    private const int LeastPlaces = 3;
    private static readonly string[] Axes = ["length", "lag", "width"];

    private static readonly (string Metric, string Caption, string Note)[] Charts =
    [
        ("tokens_per_cpu_second", "Tokens per CPU-second", "processed"),
        ("peak_memory_bytes", "Peak memory", "resident, above idle"),
        ("activation_bytes", "Bytes held for backward", "at the end of forward"),
    ];

    /// <summary>The charts of a sweep.</summary>
    public static IEnumerable<SweepChart> Of(SweepDetail sweep)
    {
        var cells = SweepCells.Of(sweep.Trials);
        return Charts
            .Where(chart =>
                sweep.Trials.Any(trial => TrialMetrics.Value(trial, chart.Metric) is not null)
            )
            .SelectMany(chart =>
                cells
                    .GroupBy(cell => AxisOf(cells.Where(other => other.Task == cell.Task)))
                    .SelectMany(group =>
                        group.Key is { } axis
                            ? group
                                .GroupBy(cell => cell.Task)
                                .Select(task => Lines(chart, axis, task.Key, [.. task]))
                            : [Dots(chart, [.. group])]
                    )
            );
    }

    /// <summary>The setting along which a task's cost can be drawn as a line; null where none has enough values.</summary>
    private static string? AxisOf(IEnumerable<SweepCell> cells)
    {
        var varied = cells.ToList();
        return Axes.FirstOrDefault(name =>
            varied
                .Select(cell => cell.Varied.TryGetValue(name, out var value) ? value.Number : 0)
                .Where(value => value > 0)
                .Distinct()
                .Count() >= LeastPlaces
        );
    }

    private static SweepChart Lines(
        (string Metric, string Caption, string Note) chart,
        string axis,
        string task,
        IReadOnlyList<SweepCell> cells
    )
    {
        string Say(double value) => Format.Metric(chart.Metric, value);
        var series = SeriesBuilder.Of(
            cells,
            axis,
            trial =>
                TrialMetrics.Value(trial, chart.Metric) is { } value
                    ? [new ChartPoint(trial.Parameters[axis].Number, value)]
                    : []
        );
        var places = series
            .SelectMany(one => one.Median.Select(point => point.X))
            .Distinct()
            .Order()
            .ToList();
        return SweepChart.Of(
            new LineChart
            {
                Caption = chart.Caption,
                Note = $"{chart.Note}; {task}, by {axis}{SweepChart.Cut(series.Count)}",
                Finding = Findings.OfLines(
                    $"{chart.Caption}, {task}",
                    axis,
                    series,
                    Places.Name,
                    Say
                ),
                X = Axis.Measured(places, Places.Name),
                Y = Scale(
                    chart.Metric,
                    series.SelectMany(one =>
                        one.Seeds.SelectMany(line => line.Points).Select(point => point.Y)
                    )
                ),
                Series = [.. series.Take(SeriesBuilder.MostSeries)],
                Columns = places,
                Axis = axis,
                Cell = Say,
            }
        );
    }

    private static SweepChart Dots(
        (string Metric, string Caption, string Note) chart,
        IReadOnlyList<SweepCell> cells
    )
    {
        string Say(double value) => Format.Metric(chart.Metric, value);
        var groups = cells
            .GroupBy(cell => cell.Task)
            .Select(task => DotRows.Of([.. task], chart.Metric))
            .Where(group => group.Rows.Count > 0)
            .ToList();
        return SweepChart.Of(
            new DotChart
            {
                Caption = chart.Caption,
                Note = groups.Count == 1 ? $"{chart.Note}; {groups[0].Name}" : chart.Note,
                Finding = Findings.OfDots(chart.Caption, groups, Say),
                X = Scale(
                    chart.Metric,
                    groups.SelectMany(group =>
                        group.Rows.SelectMany(row => row.Dots.Select(dot => dot.Value))
                    )
                ),
                Groups = groups.Count == 1 ? [groups[0] with { Name = "" }] : groups,
                Value = Say,
            }
        );
    }

    private static Axis Scale(string metric, IEnumerable<double> values) =>
        metric.EndsWith("bytes", StringComparison.Ordinal)
            ? Axis.Log(values, LogSteps.Binary, value => Tick.Short(Format.Bytes(value)))
            : Axis.Log(values, LogSteps.Decimal, value => Tick.Short(Format.Rate(value)));
}
