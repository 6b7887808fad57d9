namespace Harness.Dashboard.Charts;

/// <summary>One axis of a chart: where a value stands, and which values are named.</summary>
/// <param name="Min">Least value shown.</param>
/// <param name="Max">Greatest value shown.</param>
/// <param name="IsLog">Whether equal ratios have equal lengths.</param>
/// <param name="Ticks">Named values, rising.</param>
/// <param name="Format">Name of a value.</param>
public sealed record Axis(
    double Min,
    double Max,
    bool IsLog,
    IReadOnlyList<double> Ticks,
    Func<double, string> Format
)
{
    /// <summary>Place of a value: 0 at the least, 1 at the greatest; values outside stay at the edge.</summary>
    public double Place(double value)
    {
        var place = IsLog
            ? Math.Log(Math.Max(value, Min) / Min) / Math.Log(Max / Min)
            : (value - Min) / (Max - Min);
        return double.IsFinite(place) ? Math.Clamp(place, 0, 1) : 0;
    }

    /// <summary>0 to 1, for accuracies.</summary>
    public static Axis Share() =>
        new(0, 1, IsLog: false, [0, 0.5, 1], value => value.ToString("0.##"));

    /// <summary>A linear axis from zero or the least value, with round ticks.</summary>
    public static Axis Linear(IEnumerable<double> values, Func<double, string> format)
    {
        var (min, max) = Ends(values);
        if (max <= min)
        {
            (min, max) = (Math.Min(0, min), min == 0 ? 1 : Math.Max(0, max));
        }

        var step = RoundStep((max - min) / 3);
        var first = Math.Ceiling(min / step - 1e-9);
        var last = Math.Floor(max / step + 1e-9);
        if (last - first < 1)
        {
            // One tick says no scale: the limits move out to the next ones.
            (first, last) = (Math.Floor(min / step), Math.Ceiling(max / step));
            (min, max) = (first * step, last * step);
        }

        return new(
            min,
            max,
            IsLog: false,
            [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)],
            format
        );
    }

    /// <summary>
    /// A logarithmic axis whose limits hug the data, with powers of <paramref name="steps"/> that people read. Nearly
    /// equal values get a factor of two around them, so that noise does not fill the plot.
    /// </summary>
    public static Axis Log(IEnumerable<double> values, LogSteps steps, Func<double, string> format)
    {
        var (min, max) = Ends(values.Where(value => value > 0));
        if (max <= 0)
        {
            (min, max) = (1, 2);
        }

        var margin = Math.Max(Math.Pow(max / min, 0.04), Math.Sqrt(Math.Max(1, 2 / (max / min))));
        min /= margin;
        max *= margin;
        return new(min, max, IsLog: true, LogTicks.Of(min, max, steps), format);
    }

    /// <summary>A logarithmic axis from the first to the last measured value, which are its ticks.</summary>
    public static Axis Measured(IEnumerable<double> values, Func<double, string> format)
    {
        var sorted = values.Where(value => value > 0).Distinct().Order().ToList();
        return sorted.Count == 0 ? new(1, 2, IsLog: true, [], format)
            : sorted.Count == 1 ? new(sorted[0] / 2, sorted[0] * 2, IsLog: true, sorted, format)
            : new(sorted[0], sorted[^1], IsLog: true, sorted, format);
    }

    private static (double Min, double Max) Ends(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToList();
        return finite.Count == 0 ? (0, 0) : (finite.Min(), finite.Max());
    }

    private static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}
