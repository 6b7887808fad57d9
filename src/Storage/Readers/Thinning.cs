namespace Harness.Storage.Readers;

/// <summary>Makes a curve short without hiding its peaks.</summary>
internal static class Thinning
{
    /// <summary>At most so many points: first and last, and the least and greatest of equal stretches between.</summary>
    public static (IReadOnlyList<double> At, IReadOnlyList<double> Values) Reduce(
        IReadOnlyList<double> at,
        IReadOnlyList<double> values,
        int maxPoints
    )
    {
        if (at.Count <= maxPoints)
        {
            return (at, values);
        }

        var buckets = Math.Max(0, (maxPoints - 2) / 2);
        var kept = new SortedSet<int> { 0, at.Count - 1 };
        var inner = at.Count - 2;
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var start = 1 + (int)((long)inner * bucket / buckets);
            var end = 1 + (int)((long)inner * (bucket + 1) / buckets);
            var (least, greatest) = (start, start);
            for (var i = start; i < end; i++)
            {
                // NaN is neither: a gap shows by its own.
                least = values[i] < values[least] ? i : least;
                greatest = values[i] > values[greatest] ? i : greatest;
            }

            kept.Add(least);
            kept.Add(greatest);
        }

        return ([.. kept.Select(i => at[i])], [.. kept.Select(i => values[i])]);
    }
}
