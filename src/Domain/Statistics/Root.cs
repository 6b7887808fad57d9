namespace Harness.Domain.Statistics;

/// <summary>Where a rising function crosses zero.</summary>
internal static class Root
{
    /// <summary>By halving, until the ends are neighbours.</summary>
    public static double OfRising(Func<double, double> function, double low, double high)
    {
        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            (low, high) = function(middle) < 0 ? (middle, high) : (low, middle);
        }
    }
}
