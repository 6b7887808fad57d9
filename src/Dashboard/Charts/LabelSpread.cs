namespace Harness.Dashboard.Charts;

/// <summary>Moves labels apart that would stand on each other, as little as needed, and keeps their order.</summary>
public static class LabelSpread
{
    /// <summary>
    /// Places for labels that want to stand at <paramref name="wanted"/>, at least <paramref name="gap"/> apart and
    /// inside the limits as far as they fit.
    /// </summary>
    public static IReadOnlyList<double> Of(
        IReadOnlyList<double> wanted,
        double gap,
        double min,
        double max
    )
    {
        var order = Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i]).ToList();
        var places = new double[wanted.Count];
        // Groups of touching labels, each centred on the mean of what its members want.
        var groups = new List<(double Centre, int Count)>();
        foreach (var i in order)
        {
            groups.Add((Math.Clamp(wanted[i], min, max), 1));
            while (groups.Count > 1 && Touch(groups[^2], groups[^1], gap))
            {
                var ((one, n), (other, m)) = (groups[^2], groups[^1]);
                groups.RemoveRange(groups.Count - 2, 2);
                groups.Add((Inside((one * n + other * m) / (n + m), n + m, gap, min, max), n + m));
            }
        }

        var next = 0;
        foreach (var (centre, count) in groups)
        {
            for (var i = 0; i < count; i++)
            {
                places[order[next++]] = centre + (i - (count - 1) / 2.0) * gap;
            }
        }

        return places;
    }

    private static bool Touch(
        (double Centre, int Count) one,
        (double Centre, int Count) other,
        double gap
    ) => other.Centre - one.Centre < (one.Count + other.Count) / 2.0 * gap - 1e-9;

    private static double Inside(double centre, int count, double gap, double min, double max)
    {
        var half = (count - 1) / 2.0 * gap;
        return half * 2 > max - min ? (min + max) / 2 : Math.Clamp(centre, min + half, max - half);
    }
}
