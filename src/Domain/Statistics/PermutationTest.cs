namespace Harness.Domain.Statistics;

/// <summary>Studentised permutation tests against a threshold.</summary>
/// <remarks>
/// Every rearrangement is tried while there are few; else a fixed number of drawn ones, and the p counts the observed
/// arrangement itself (Phipson and Smyth 2010), so that it is never 0 and the test keeps its level.
/// </remarks>
public static class PermutationTest
{
    private const int MostArrangements = 1 << 17;
    private const int Draws = 99_999;
    private const ulong Key = 20_260_101; // any number; a p must not depend on when it is computed
    private const double Rounding = 1e-9; // sums of the same numbers in another order

    /// <summary>P of a mean this far above the threshold when values lie evenly about it: signs are flipped.</summary>
    /// <remarks>Under flips the sum of squares stays, so that Student's t rises with the sum: the sum is enough.</remarks>
    public static double MeanAbove(IReadOnlyList<double> values, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 1);
        var distances = values.Select(value => value - threshold).ToArray();
        var observed = distances.Sum();
        var bar = observed - Rounding * distances.Sum(Math.Abs);
        return distances.Length < 31 && 1 << distances.Length <= MostArrangements
            ? (double)
                Enumerable
                    .Range(0, 1 << distances.Length)
                    .Count(signs => Flipped(distances, (ulong)signs) >= bar)
                / (1 << distances.Length)
            : Drawn(generator => DrawnSum(distances, generator) >= bar);
    }

    /// <summary>P of a mean this far below the threshold.</summary>
    public static double MeanBelow(IReadOnlyList<double> values, double threshold) =>
        MeanAbove([.. values.Select(value => -value)], -threshold);

    /// <summary>P of a mean difference this far above the threshold when both groups are alike but for it: labels are permuted.</summary>
    /// <remarks>Welch's t: it keeps its level also where the groups' spreads differ (Janssen 1997).</remarks>
    public static double DifferenceAbove(
        IReadOnlyList<double> values,
        IReadOnlyList<double> others,
        double threshold
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(others.Count, 2);
        var pooled = values.Select(value => value - threshold).Concat(others).ToArray();
        var observed = Welch(pooled, values.Count);
        var bar = double.IsFinite(observed)
            ? observed - Rounding * Math.Max(1, Math.Abs(observed))
            : observed;
        if (FisherExact.Choose(pooled.Length, values.Count) > MostArrangements)
        {
            return Drawn(generator => Welch(Shuffled(pooled, generator), values.Count) >= bar);
        }

        var (above, all) = (0, 0);
        foreach (var chosen in Choices(pooled.Length, values.Count))
        {
            all++;
            above += Welch([.. Split(pooled, chosen)], values.Count) >= bar ? 1 : 0;
        }

        return (double)above / all;
    }

    /// <summary>Least p that a test of one group of that size can reach.</summary>
    public static double SmallestMean(int count) =>
        Math.Max(Math.Pow(0.5, count), 1.0 / (Draws + 1));

    private static double Flipped(double[] distances, ulong signs)
    {
        var sum = 0.0;
        for (var place = 0; place < distances.Length; place++)
        {
            sum += (signs >> place & 1) == 0 ? distances[place] : -distances[place];
        }

        return sum;
    }

    private static double DrawnSum(double[] distances, KeyedGenerator generator)
    {
        var sum = 0.0;
        foreach (var block in distances.Chunk(64))
        {
            sum += Flipped(block, generator.Next());
        }

        return sum;
    }

    private static double Drawn(Func<KeyedGenerator, bool> reaches)
    {
        var generator = new KeyedGenerator(Key);
        var count = 1;
        for (var draw = 0; draw < Draws; draw++)
        {
            count += reaches(generator) ? 1 : 0;
        }

        return (double)count / (Draws + 1);
    }

    private static double Welch(double[] pooled, int first)
    {
        var (values, others) = (pooled[..first], pooled[first..]);
        var difference = values.Average() - others.Average();
        var error = Math.Sqrt(
            StudentT.Variance(values) / values.Length + StudentT.Variance(others) / others.Length
        );
        return error > 0 ? difference / error
            : difference == 0 ? 0
            : difference * double.PositiveInfinity;
    }

    private static double[] Shuffled(double[] pooled, KeyedGenerator generator)
    {
        var shuffled = (double[])pooled.Clone();
        for (var last = shuffled.Length - 1; last > 0; last--)
        {
            var other = generator.Below(last + 1);
            (shuffled[last], shuffled[other]) = (shuffled[other], shuffled[last]);
        }

        return shuffled;
    }

    private static IEnumerable<double> Split(double[] pooled, int[] chosen) =>
        chosen
            .Select(place => pooled[place])
            .Concat(pooled.Where((_, place) => Array.BinarySearch(chosen, place) < 0));

    // Every choice of places in lexicographic order.
    private static IEnumerable<int[]> Choices(int count, int size)
    {
        var chosen = Enumerable.Range(0, size).ToArray();
        while (true)
        {
            yield return chosen;
            var place = size - 1;
            while (place >= 0 && chosen[place] == count - size + place)
            {
                place--;
            }

            if (place < 0)
            {
                yield break;
            }

            chosen[place]++;
            for (var next = place + 1; next < size; next++)
            {
                chosen[next] = chosen[next - 1] + 1;
            }
        }
    }
}
