using System.Globalization;

namespace Harness.Domain.Metrics;

/// <summary>
/// Numbers as people read them, the same on pages, in reports and in the terminal. Null is "not measured" and
/// becomes a dash: 0 means zero.
/// </summary>
public static class Format
{
    /// <summary>What stands for a number that was not measured.</summary>
    public const string Absent = "–";

    private const char Minus = '\u2212';

    /// <summary>A count, exact, in thin groups: <c>1,024</c>.</summary>
    public static string Count(long? value) => value is { } count ? Fixed(count, 0) : Absent;

    /// <summary>A share of 0 to 1, three decimals: <c>0.998</c>.</summary>
    public static string Share(double? value) => Finite(value, share => Fixed(share, 3));

    /// <summary>A number of three figures: <c>1.93</c>, <c>0.0123</c>, <c>3.1e-9</c>.</summary>
    public static string Number(double? value) => Finite(value, Figures);

    /// <summary>Bytes in KiB, MiB, GiB: <c>412 MiB</c>.</summary>
    public static string Bytes(double? value) =>
        Finite(value, bytes => Scaled(bytes, 1024, [" B", " KiB", " MiB", " GiB", " TiB"]));

    /// <summary>A rate or another large number in k and M: <c>13.1 k</c>.</summary>
    public static string Rate(double? value) =>
        Finite(value, rate => Scaled(rate, 1000, ["", " k", " M", " G", " T"]));

    /// <summary>Seconds: <c>1 h 42 min</c>, <c>9 min 5 s</c>, <c>4.2 s</c>, <c>820 ms</c>.</summary>
    public static string Duration(double? seconds) => Finite(seconds, Time);

    /// <summary>A time span.</summary>
    public static string Duration(TimeSpan span) => Time(span.TotalSeconds);

    /// <summary>A ratio: <c>× 9.1</c>.</summary>
    public static string Ratio(double? value) => Finite(value, ratio => $"× {Figures(ratio)}");

    /// <summary>
    /// An estimate with its interval: <c>1.93 [1.90, 1.96]</c>, as many digits as two figures of the half width, three
    /// figures at most.
    /// </summary>
    public static string Interval(double estimate, double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            return $"{Number(estimate)} [{Number(low)}, {Number(high)}]";
        }

        var largest = Math.Max(Math.Abs(estimate), Math.Max(Math.Abs(low), Math.Abs(high)));
        var half = (high - low) / 2;
        var decimals = Math.Min(Decimals(largest, 3), half > 0 ? Decimals(half, 2) : 3);
        return $"{Fixed(estimate, decimals)} [{Fixed(low, decimals)}, {Fixed(high, decimals)}]";
    }

    /// <summary>The bounds of an interval of time: <c>[1 h 20 min, 2 h 10 min]</c>.</summary>
    public static string Bounds(double lowSeconds, double highSeconds) =>
        $"[{Time(lowSeconds)}, {Time(highSeconds)}]";

    /// <summary>A value of the metric of that name, by the catalogue's format.</summary>
    public static string Metric(string name, double? value) =>
        MetricCatalog.Find(name)?.Format switch
        {
            "share" => Share(value),
            "count" => Finite(value, count => Fixed(count, 0)),
            "rate" => Rate(value),
            "bytes" => Bytes(value),
            "seconds" => Duration(value),
            _ => Number(value),
        };

    private static string Finite(double? value, Func<double, string> format) =>
        value switch
        {
            null => Absent,
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => $"{Minus}∞",
            { } number when double.IsNaN(number) => "nan",
            { } number => format(number),
        };

    private static string Time(double seconds)
    {
        var whole = Math.Round(seconds, MidpointRounding.AwayFromZero);
        return seconds switch
        {
            < 0 => Minus + Time(-seconds),
            0 => "0 s",
            < 0.9995 => $"{Figures(seconds * 1000)} ms",
            < 9.95 => $"{Fixed(seconds, 1)} s",
            < 59.5 => $"{Fixed(whole, 0)} s",
            < 599.5 => Two(whole, 60, "min", "s"),
            < 3570 => $"{Fixed(Math.Round(seconds / 60), 0)} min",
            < 171_000 => Two(Math.Round(seconds / 60), 60, "h", "min"),
            _ => Two(Math.Round(seconds / 3600), 24, "d", "h"),
        };
    }

    private static string Two(double value, int per, string large, string small)
    {
        var rest = value % per;
        var head = $"{Fixed(Math.Floor(value / per), 0)} {large}";
        return rest == 0 ? head : $"{head} {Fixed(rest, 0)} {small}";
    }

    private static string Scaled(double value, double step, string[] units)
    {
        var unit = 0;
        // 999.5 would print as 1,000: the next unit says it in three figures.
        while (Math.Abs(value) >= 999.5 && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }

        return (unit == 0 && value == Math.Truncate(value) ? Fixed(value, 0) : Figures(value))
            + units[unit];
    }

    private static string Figures(double value)
    {
        var size = Math.Abs(value);
        return size == 0 ? "0"
            : size is < 0.001 or >= 1e9
                ? value
                    .ToString("0.0e+0", CultureInfo.InvariantCulture)
                    .Replace("e+", "e", StringComparison.Ordinal)
                    .Replace('-', Minus)
            : Fixed(value, Decimals(value, 3));
    }

    /// <summary>Decimals that show so many figures of a value.</summary>
    private static int Decimals(double value, int figures)
    {
        if (value == 0)
        {
            return figures - 1;
        }

        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        var decimals = Math.Clamp(figures - 1 - magnitude, 0, 9);
        // 9.996 rounds up to another magnitude: 10.0, not 10.00.
        return Math.Abs(Math.Round(value, decimals)) >= Math.Pow(10, magnitude + 1) && decimals > 0
            ? decimals - 1
            : decimals;
    }

    private static string Fixed(double value, int decimals)
    {
        var text = value.ToString(
            "N" + decimals.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );
        return text.StartsWith('-') ? Minus + text[1..] : text;
    }
}
