using MathNet.Numerics;

namespace Harness.Domain.Statistics;

/// <summary>How often does something succeed?</summary>
public static class ExactBinomial
{
    /// <summary>P of that many successes or more when each of n succeeds with that probability.</summary>
    /// <remarks>The tail of the binomial is the regularised incomplete beta function I_p(k, n - k + 1).</remarks>
    public static double AtLeast(int successes, int count, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        return successes <= 0
            ? 1
            : SpecialFunctions.BetaRegularized(successes, count - successes + 1, probability);
    }

    /// <summary>The interval of Clopper and Pearson 1934 for the probability: covers at least as often as it says.</summary>
    public static Interval ClopperPearson(int successes, int count, double level = 0.95)
    {
        var tail = (1 - level) / 2;
        var low =
            successes == 0 ? 0 : Root.OfRising(p => AtLeast(successes, count, p) - tail, 0, 1);
        var high =
            successes == count
                ? 1
                : Root.OfRising(p => AtLeast(successes + 1, count, p) - (1 - tail), 0, 1);
        return new Interval(low, high, level);
    }
}
