namespace Harness.Domain.Statistics;

/// <summary>A straight line through points.</summary>
/// <param name="Intercept">Height at zero.</param>
/// <param name="Slope">Rise a unit.</param>
/// <param name="RSquared">Share of the variance that it explains.</param>
public sealed record Line(double Intercept, double Slope, double RSquared);

/// <summary>Ordinary least squares.</summary>
public static class LeastSquares
{
    /// <summary>The line with the least squared distances in y; null where all x are equal or there are fewer than two.</summary>
    public static Line? Fit(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Count, x.Count);
        if (x.Count < 2 || x.Max() <= x.Min())
        {
            return null;
        }

        var (meanX, meanY) = (x.Average(), y.Average());
        var squares = x.Sum(value => (value - meanX) * (value - meanX));
        var products = x.Zip(y, (left, right) => (left - meanX) * (right - meanY)).Sum();
        var total = y.Sum(value => (value - meanY) * (value - meanY));
        var slope = products / squares;
        return new Line(
            meanY - slope * meanX,
            slope,
            total > 0 ? products * products / (squares * total) : 1
        );
    }
}
