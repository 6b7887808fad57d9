using Harness.Domain.Statistics;

namespace Harness.Domain.Claims;

/// <summary>Solves or not: an arm ends on the supporting side where the arms that it is compared with do not.</summary>
internal static class SolvesRule
{
    private const double Even = 0.5;

    /// <summary>Least p for the statement that so many seeds an arm can reach.</summary>
    public static double SmallestP(int seeds) => FisherExact.Smallest(seeds, seeds);

    /// <summary>Judges a part.</summary>
    public static PartVerdict Judge(
        ClaimPart part,
        ClaimDefinition claim,
        Evidence evidence,
        int seeds,
        double level
    )
    {
        var own = Values(part.Arm);
        var others = part.Against.Select(arm => (Arm: arm, Values: Values(arm))).ToList();
        var ps = others.Select(other => Compare(other.Values)).ToList();
        // The statement is about each of them: the weakest comparison decides, and none needs a level of its own.
        var support = ps.TrueForAll(p => p is not null) ? ps.Max() : null;
        double? refute =
            own.Count == 0
                ? null
                : ExactBinomial.AtLeast(own.Count(part.ThetaRefute.Holds), own.Count, Even);
        return new PartVerdict
        {
            Id = part.Id,
            Says = part.Says,
            Outcome = Parts.Outcome(support, refute, level),
            Metric = part.Metric,
            EffectName = $"share of seeds of '{part.Arm}' with {part.Metric} {part.ThetaSupport}",
            Effect =
                own.Count == 0
                    ? null
                    : Figures.Of((double)own.Count(part.ThetaSupport.Holds) / own.Count),
            Interval =
                own.Count == 0
                    ? null
                    : Figures.Of(
                        ExactBinomial.ClopperPearson(own.Count(part.ThetaSupport.Holds), own.Count)
                    ),
            PSupport = Figures.Of(support),
            PRefute = Figures.Of(refute),
            Level = Figures.Of(level),
            SmallestP = Figures.Of(SmallestP(seeds)),
            ThetaSupport = part.ThetaSupport.ToString(),
            ThetaRefute = part.ThetaRefute.ToString(),
            Rule =
                $"A seed of '{part.Arm}' counts for the statement with {part.Metric} {part.ThetaSupport}, a seed of "
                + $"{string.Join(", ", part.Against.Select(arm => $"'{arm}'"))} with {part.Metric} {part.ThetaRefute}. "
                + "Supported where Fisher's exact test, one-sided, gives p <= level in each comparison; refuted where "
                + $"'{part.Arm}' has {part.Metric} {part.ThetaRefute} in more than half of the seeds by the exact binomial "
                + "test at the level.",
            Groups =
            [
                Parts.Group(part.Arm, own, part, null),
                .. others.Zip(
                    ps,
                    (other, p) => Parts.Group(other.Arm, other.Values, part, Figures.Of(p))
                ),
            ],
        };

        List<double> Values(string arm) =>
            [.. evidence.Values(claim.Arms[arm], part.Metric).Select(value => value.Value)];

        double? Compare(List<double> other) =>
            own.Count == 0 || other.Count == 0
                ? null
                : FisherExact.Greater(
                    own.Count(part.ThetaSupport.Holds),
                    own.Count,
                    // What lies between the two thresholds is counted against the statement.
                    other.Count(value => !part.ThetaRefute.Holds(value)),
                    other.Count
                );
    }
}
