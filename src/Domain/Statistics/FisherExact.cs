using System.Numerics;

namespace Harness.Domain.Statistics;

/// <summary>Do more of one group succeed than of another?</summary>
/// <remarks>
/// Fisher 1935, The Design of Experiments, section 5: with the margins of the table given, the successes of the first
/// group follow the hypergeometric distribution. Summed in whole numbers, so that no p is off by rounding.
/// </remarks>
public static class FisherExact
{
    /// <summary>P that the first group has that many successes or more when both groups are alike.</summary>
    /// <param name="successes">Successes of the group that is said to do better.</param>
    /// <param name="count">Its size.</param>
    /// <param name="otherSuccesses">Successes of the other.</param>
    /// <param name="otherCount">Its size.</param>
    public static double Greater(int successes, int count, int otherSuccesses, int otherCount)
    {
        Check(successes, count);
        Check(otherSuccesses, otherCount);
        var all = successes + otherSuccesses;
        var tail = BigInteger.Zero;
        for (var mine = successes; mine <= Math.Min(all, count); mine++)
        {
            tail += Choose(count, mine) * Choose(otherCount, all - mine);
        }

        return Ratio(tail, Choose(count + otherCount, all));
    }

    /// <summary>Least p that groups of these sizes can reach: all of one, none of the other.</summary>
    public static double Smallest(int count, int otherCount) =>
        Greater(count, count, 0, otherCount);

    /// <summary>Ways to choose that many of n; 0 where there is none.</summary>
    internal static BigInteger Choose(int n, int chosen)
    {
        if (chosen < 0 || chosen > n)
        {
            return BigInteger.Zero;
        }

        var ways = BigInteger.One;
        for (var step = 1; step <= chosen; step++)
        {
            ways = ways * (n - chosen + step) / step;
        }

        return ways;
    }

    // The quotient of two numbers that may both be beyond a double.
    private static double Ratio(BigInteger part, BigInteger whole) =>
        part.IsZero ? 0
        : Math.Exp(BigInteger.Log(part) - BigInteger.Log(whole)) is var near
        && whole.GetBitLength() > 1000
            ? near
        : (double)part / (double)whole;

    private static void Check(int successes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
    }
}
