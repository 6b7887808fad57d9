namespace Harness.Domain.Claims;

/// <summary>What all rules share.</summary>
internal static class Parts
{
    /// <summary>The sub-verdict of its two p.</summary>
    public static VerdictOutcome Outcome(double? support, double? refute, double level) =>
        support <= level ? VerdictOutcome.Supported
        : refute <= level ? VerdictOutcome.Refuted
        : VerdictOutcome.Inconclusive;

    /// <summary>Least p for the statement that a part can reach with so many seeds.</summary>
    public static double SmallestP(ClaimPart part, int seeds) =>
        part.Rule == "solves" ? SolvesRule.SmallestP(seeds) : BoundRule.SmallestP(part, seeds);

    /// <summary>Judges a part by its rule.</summary>
    public static PartVerdict Judge(
        ClaimPart part,
        ClaimDefinition claim,
        Evidence evidence,
        int seeds,
        double level
    ) =>
        part.Rule == "solves"
            ? SolvesRule.Judge(part, claim, evidence, seeds, level)
            : BoundRule.Judge(part, claim, evidence, seeds, level);

    /// <summary>An arm in numbers.</summary>
    public static GroupResult Group(
        string arm,
        IReadOnlyList<double> values,
        ClaimPart part,
        double? p
    )
    {
        var (median, min, max) = Figures.Spread(values);
        return new GroupResult
        {
            Arm = arm,
            N = values.Count,
            InSupport = values.Count(part.ThetaSupport.Holds),
            InRefute = values.Count(part.ThetaRefute.Holds),
            Median = median,
            Min = min,
            Max = max,
            P = p,
        };
    }
}
