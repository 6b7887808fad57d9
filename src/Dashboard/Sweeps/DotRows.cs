using Harness.Dashboard.Charts;
using Harness.Domain.Api;

namespace Harness.Dashboard.Sweeps;

/// <summary>Rows of dots for the cells of one task.</summary>
public static class DotRows
{
    /// <summary>A row a cell: a dot a trial that measured the metric.</summary>
    public static DotGroup Of(IReadOnlyList<SweepCell> cells, string metric) =>
        new(
            cells[0].Task,
            [
                .. cells
                    .Select(cell => Of(cell, SeriesBuilder.Name(cell, axis: null), metric))
                    .Where(row => row.Dots.Count > 0)
                    .Take(SeriesBuilder.MostSeries),
            ]
        );

    /// <summary>The row of one cell under a name.</summary>
    public static DotRow Of(SweepCell cell, string name, string metric)
    {
        var dots = cell
            .Trials.Select(trial => (trial.Trial, Value: TrialMetrics.Value(trial, metric)))
            .Where(dot => dot.Value is { } value && double.IsFinite(value))
            .Select(dot => new Dot(dot.Trial, dot.Value!.Value))
            .ToList();
        return new(
            name,
            Hues.Of(cell.Model),
            dots,
            SweepReport.Over(dots.Select(dot => (double?)dot.Value))?.Median
        );
    }
}
