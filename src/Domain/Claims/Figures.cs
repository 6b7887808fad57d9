using System.Globalization;
using Harness.Domain.Statistics;

namespace Harness.Domain.Claims;

/// <summary>Numbers of a verdict: six figures are enough to read, and hide the last bits of a machine's library.</summary>
internal static class Figures
{
    /// <summary>Six figures.</summary>
    public static double Of(double value) =>
        double.Parse(
            value.ToString("G6", CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );

    /// <summary>Six figures, or null.</summary>
    public static double? Of(double? value) => value is { } number ? Of(number) : null;

    /// <summary>Six figures at both ends.</summary>
    public static Interval? Of(Interval? interval) =>
        interval is null ? null : new(Of(interval.Low), Of(interval.High), interval.Level);

    /// <summary>Median, least and greatest; null where there is nothing.</summary>
    public static (double? Median, double? Min, double? Max) Spread(IReadOnlyList<double> values)
    {
        var numbers = values.Where(value => !double.IsNaN(value)).ToList();
        return numbers.Count == 0
            ? (null, null, null)
            : (Of(Quantiles.Median(numbers)), Of(numbers.Min()), Of(numbers.Max()));
    }
}
