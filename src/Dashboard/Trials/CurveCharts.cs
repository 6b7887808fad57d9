using Harness.Dashboard.Charts;
using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Dashboard.Trials;

/// <summary>The measured curves and profiles of one trial as charts.</summary>
public static class CurveCharts
{
    private const int MostPoints = 400;
    private const double LogSpan = 8;

    /// <summary>A chart a curve with two points at least.</summary>
    public static IReadOnlyList<LineChart> Of(TrialRow trial, IReadOnlyList<CurveRow> curves) =>
        [
            .. curves
                .Select(curve => (Curve: curve, Points: Points(curve)))
                .Where(curve => curve.Points.Count > 1)
                .Select(curve => Chart(trial, curve.Curve, curve.Points)),
        ];

    private static LineChart Chart(TrialRow trial, CurveRow curve, List<ChartPoint> points)
    {
        var metric = MetricCatalog.Find(curve.Name);
        var title = metric?.Title ?? Title(curve.Name);
        var series = new LineSeries("", Hues.Of(trial.Model), [], points);
        string Say(double value) => Format.Metric(curve.Name, value);
        return new LineChart
        {
            Caption = title,
            Note =
                $"by {curve.Axis}"
                + (metric is { Unit.Length: > 0 } ? $", in {metric.Unit}" : "")
                + (
                    points.Count < curve.At.Count
                        ? $"; {points.Count} of {curve.At.Count} points"
                        : ""
                ),
            Finding = Findings(title, curve.Axis, points, Places.Name, Say),
            X = Horizontal(curve.Axis, points, Places.Name),
            Y = Vertical(metric, points),
            Series = [series],
            References =
                curve.Name == "accuracy" && trial.Chance is { } chance
                    ? [new("chance", chance)]
                    : [],
            Columns = [.. Spaced(points).Select(point => point.X)],
            Axis = curve.Axis,
            Cell = Say,
        };
    }

    private static string Title(string name) =>
        char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    private static Axis Horizontal(
        string axis,
        List<ChartPoint> points,
        Func<double, string> format
    )
    {
        var places = points.Select(point => point.X).ToList();
        return
            axis is not ("step" or "window")
            && places.Min() > 0
            && places.Max() / places.Min() >= LogSpan
            ? Axis.Measured(places, format)
            : Axis.Linear(places, format);
    }

    private static Axis Vertical(MetricDefinition? metric, List<ChartPoint> points)
    {
        var values = points.Select(point => point.Y).Where(double.IsFinite).ToList();
        if (metric?.Format == "share" && values.All(value => value is >= 0 and <= 1))
        {
            return Axis.Share();
        }

        string Say(double value) =>
            Tick.Short(
                metric?.Format is "bytes" ? Format.Bytes(value)
                : Math.Abs(value) >= 1000 ? Format.Rate(value)
                : Format.Number(value)
            );
        return values.Count > 0 && values.Min() > 0 && values.Max() / values.Min() >= LogSpan
            ? Axis.Log(values, metric?.Format == "bytes" ? LogSteps.Binary : LogSteps.Decimal, Say)
            : Axis.Linear(values, Say);
    }

    private static List<ChartPoint> Points(CurveRow curve)
    {
        var every = Math.Max(1, (curve.At.Count + MostPoints - 1) / MostPoints);
        return
        [
            .. curve
                .At.Zip(curve.Values, (x, y) => new ChartPoint(x, y))
                .Where((_, i) => i % every == 0 || i == curve.At.Count - 1),
        ];
    }

    private static IEnumerable<ChartPoint> Spaced(List<ChartPoint> points) =>
        points.Count <= 12
            ? points
            : Enumerable.Range(0, 8).Select(i => points[(points.Count - 1) * i / 7]).Distinct();

    private static string Findings(
        string what,
        string axis,
        List<ChartPoint> points,
        Func<double, string> place,
        Func<double, string> value
    ) =>
        $"{what} by {axis}: {value(points[0].Y)} at {place(points[0].X)}, "
        + $"{value(points[^1].Y)} at {place(points[^1].X)}";
}
