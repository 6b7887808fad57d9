using Harness.Dashboard.Charts;
using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Dashboard.Sweeps;

/// <summary>Training loss by step: a chart a task.</summary>
public static class LossCharts
{
    private static readonly string[] Axes = ["lag", "length"];

    /// <summary>The charts of the tasks that have points.</summary>
    public static IEnumerable<SweepChart> Of(
        SweepDetail sweep,
        IReadOnlyDictionary<string, IReadOnlyList<ChartPoint>> losses
    ) =>
        SweepCells
            .Of(sweep.Trials)
            .GroupBy(cell => cell.Task)
            .Select(task => Chart(task.Key, [.. task], losses))
            .OfType<SweepChart>();

    private static SweepChart? Chart(
        string task,
        IReadOnlyList<SweepCell> cells,
        IReadOnlyDictionary<string, IReadOnlyList<ChartPoint>> losses
    )
    {
        var (shown, scope) = Hardest(cells, losses);
        var series = SeriesBuilder.Of(
            shown,
            Axes.FirstOrDefault(name => scope.StartsWith(name, StringComparison.Ordinal)),
            trial => losses.GetValueOrDefault(trial.Trial, []),
            interpolate: true
        );
        if (series.Count == 0)
        {
            return null;
        }

        var points = series.SelectMany(one => one.Seeds).SelectMany(line => line.Points).ToList();
        var x = Axis.Linear(
            points.Select(point => point.X).Append(0),
            value => Format.Count((long)value)
        );
        return SweepChart.Of(
            new LineChart
            {
                Caption = $"Training loss, {task}",
                Note =
                    $"by step, in nats{(scope.Length > 0 ? "; " + scope : "")}{SweepChart.Cut(series.Count)}",
                Finding = Findings.OfLines(
                    $"Training loss on {task}",
                    "step",
                    series,
                    value => Format.Count((long)value),
                    value => Format.Number(value)
                ),
                X = x,
                Y = Axis.Log(
                    points.Select(point => point.Y),
                    LogSteps.Decimal,
                    value => value.ToString("0.####")
                ),
                Series = [.. series.Take(SeriesBuilder.MostSeries)],
                Columns = Spaced(series),
                Axis = "step",
                Cell = value => Format.Number(value),
            }
        );
    }

    /// <summary>
    /// Where a task is trained at several lags or lengths, the greatest that has losses: all of them would be a thicket.
    /// </summary>
    private static (IReadOnlyList<SweepCell> Cells, string Scope) Hardest(
        IReadOnlyList<SweepCell> cells,
        IReadOnlyDictionary<string, IReadOnlyList<ChartPoint>> losses
    )
    {
        var measured = cells
            .Where(cell => cell.Trials.Any(trial => losses.ContainsKey(trial.Trial)))
            .ToList();
        var axis = Axes.FirstOrDefault(name =>
            measured.Any(cell => cell.Varied.TryGetValue(name, out var value) && value.IsNumber)
        );
        if (axis is null)
        {
            return (cells, "");
        }

        var most = measured.Max(cell =>
            cell.Varied.TryGetValue(axis, out var value) ? value.Number : 0
        );
        return (
            [
                .. cells.Where(cell =>
                    cell.Varied.TryGetValue(axis, out var value) && value.Number == most
                ),
            ],
            $"{axis} {Places.Name(most)}"
        );
    }

    /// <summary>Five steps of the longest line.</summary>
    private static List<double> Spaced(IReadOnlyList<LineSeries> series)
    {
        var places = series
            .MaxBy(one => one.Median.Count)!
            .Median.Select(point => point.X)
            .ToList();
        return
        [
            .. Enumerable.Range(0, 5).Select(i => places[(places.Count - 1) * i / 4]).Distinct(),
        ];
    }
}
