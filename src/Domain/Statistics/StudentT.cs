using MathNet.Numerics;

namespace Harness.Domain.Statistics;

/// <summary>The mean of a few numbers, with the interval of Student 1908.</summary>
public static class StudentT
{
    /// <summary>The interval of the mean; null for fewer than two values.</summary>
    public static Interval? Interval(IReadOnlyList<double> values, double level = 0.95)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = values.Average();
        var error = Math.Sqrt(Variance(values) / values.Count);
        var reach = error * Quantile((1 + level) / 2, values.Count - 1);
        return new Interval(mean - reach, mean + reach, level);
    }

    /// <summary>Unbiased variance.</summary>
    public static double Variance(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }

    /// <summary>The t below which that share of the distribution lies; the share is at least one half.</summary>
    public static double Quantile(double share, int freedom) =>
        Root.OfRising(t => Below(t, freedom) - share, 0, 1e6);

    private static double Below(double t, int freedom) =>
        1 - SpecialFunctions.BetaRegularized(freedom / 2.0, 0.5, freedom / (freedom + t * t)) / 2;
}
