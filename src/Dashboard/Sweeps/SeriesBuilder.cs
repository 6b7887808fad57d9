using Harness.Dashboard.Charts;
using Harness.Domain.Api;

namespace Harness.Dashboard.Sweeps;

/// <summary>Turns trials into the lines of a chart: a series a model, split by what else the sweep varies.</summary>
public static class SeriesBuilder
{
    /// <summary>Lines of a chart beyond this number are not drawn, which the caption says; medians are over all.</summary>
    public const int MostSeries = 12;

    private const int MostSeeds = 24;
    private const int GridPoints = 48;

    /// <summary>
    /// Series of cells, without the setting that is the chart's axis. Points at the same place are pooled by their
    /// median; with <paramref name="interpolate"/> lines are read on one common grid first.
    /// </summary>
    public static IReadOnlyList<LineSeries> Of(
        IEnumerable<SweepCell> cells,
        string? axis,
        Func<TrialRow, IReadOnlyList<ChartPoint>> points,
        bool interpolate = false
    ) =>
        [
            .. cells
                .GroupBy(cell => (Name: Name(cell, axis), cell.Model))
                .Select(group =>
                    Series(group.Key.Name, group.Key.Model, group, points, interpolate)
                )
                .Where(series => series.Median.Count > 0),
        ];

    /// <summary>Model and varied settings but the axis: <c>gru</c>, <c>gru width 64</c>.</summary>
    public static string Name(SweepCell cell, string? axis) =>
        string.Join(
            ' ',
            new[] { cell.Model }.Concat(
                cell.Varied.Where(setting => setting.Key != axis)
                    .Select(setting => $"{setting.Key} {setting.Value}")
            )
        );

    /// <summary>The median line of several.</summary>
    public static IReadOnlyList<ChartPoint> Median(IEnumerable<ChartPoint> points) =>
        [
            .. points
                .GroupBy(point => point.X)
                .OrderBy(group => group.Key)
                .Select(group =>
                    (X: group.Key, Spread: SweepReport.Over(group.Select(p => (double?)p.Y)))
                )
                .Where(point => point.Spread is not null)
                .Select(point => new ChartPoint(point.X, point.Spread!.Median)),
        ];

    private static LineSeries Series(
        string name,
        string model,
        IEnumerable<SweepCell> cells,
        Func<TrialRow, IReadOnlyList<ChartPoint>> points,
        bool interpolate
    )
    {
        // Where the axis is a setting, a seed's line runs through the trials of that seed.
        var lines = cells
            .SelectMany(cell => cell.Trials)
            .Select(trial => (Trial: trial, Points: points(trial)))
            .Where(line => line.Points.Count > 0)
            .GroupBy(line => (line.Trial.Seed, line.Trial.Repeat))
            .Select(seed => new ChartLine(
                string.Join(", ", seed.Select(line => line.Trial.Trial).Take(3))
                    + (seed.Count() > 3 ? ", …" : ""),
                [.. seed.SelectMany(line => line.Points).OrderBy(point => point.X)]
            ))
            .ToList();
        var median = interpolate
            ? Grid(lines).SelectMany(line => line)
            : lines.SelectMany(line => line.Points);
        return new(name, Hues.Of(model), [.. lines.Take(MostSeeds)], Median(median));
    }

    /// <summary>Lines read at common places, so that a median is over trials and not over who logged when.</summary>
    private static IEnumerable<IReadOnlyList<ChartPoint>> Grid(List<ChartLine> lines)
    {
        if (lines.Count == 0)
        {
            return [];
        }

        var last = lines.Max(line => line.Points[^1].X);
        var first = lines.Min(line => line.Points[0].X);
        var places = Enumerable
            .Range(0, GridPoints)
            .Select(i => first + (last - first) * i / (GridPoints - 1))
            .ToList();
        return lines.Select(line =>
            (IReadOnlyList<ChartPoint>)
                [
                    .. places
                        .Where(x => x >= line.Points[0].X && x <= line.Points[^1].X)
                        .Select(x => new ChartPoint(x, At(line.Points, x))),
                ]
        );
    }

    private static double At(IReadOnlyList<ChartPoint> points, double x)
    {
        var next = points.TakeWhile(point => point.X < x).Count();
        if (next == 0 || next == points.Count)
        {
            return points[Math.Min(next, points.Count - 1)].Y;
        }

        var (left, right) = (points[next - 1], points[next]);
        var share = right.X == left.X ? 1 : (x - left.X) / (right.X - left.X);
        return left.Y + share * (right.Y - left.Y);
    }
}
