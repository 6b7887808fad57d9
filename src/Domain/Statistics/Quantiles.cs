namespace Harness.Domain.Statistics;

/// <summary>Values at given shares of a sorted sample.</summary>
public static class Quantiles
{
    /// <summary>Half lies below.</summary>
    public static double Median(IEnumerable<double> values) => At(values, 0.5);

    /// <summary>Linear between neighbours: definition 7 of Hyndman and Fan 1996.</summary>
    public static double At(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        // At an exact place nothing is mixed in: a neighbour may be infinite.
        return place == below
            ? sorted[below]
            : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }
}
