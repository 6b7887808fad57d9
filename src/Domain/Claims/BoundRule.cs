using Harness.Domain.Api;
using Harness.Domain.Statistics;

namespace Harness.Domain.Claims;

/// <summary>A bound: one number a seed is held against two thresholds.</summary>
internal static class BoundRule
{
    private const double Even = 0.5;

    /// <summary>Least p for the statement that so many seeds can reach.</summary>
    public static double SmallestP(ClaimPart part, int seeds) =>
        part.Test == "permutation"
            ? PermutationTest.SmallestMean(seeds)
            : ExactBinomial.AtLeast(seeds, seeds, Even);

    /// <summary>Judges a part.</summary>
    public static PartVerdict Judge(
        ClaimPart part,
        ClaimDefinition claim,
        Evidence evidence,
        int seeds,
        double level
    )
    {
        var values = PerSeed(part, claim.Arms[part.Arm], evidence);
        var permutation = part.Test == "permutation";
        // A number that is not finite has no mean: nothing can be decided from it.
        var usable = values.Count > 0 && (!permutation || values.TrueForAll(double.IsFinite));
        var support = usable ? P(part, part.ThetaSupport, values) : null;
        var refute = usable ? P(part, part.ThetaRefute, values) : null;
        var inside = values.Count(part.ThetaSupport.Holds);
        var what = Statistic(part);
        return new PartVerdict
        {
            Id = part.Id,
            Says = part.Says,
            Outcome = Parts.Outcome(support, refute, level),
            Metric = part.Metric,
            EffectName = permutation
                ? $"mean over seeds of the {what}"
                : $"share of seeds whose {what} is {part.ThetaSupport}",
            Effect =
                !usable ? null
                : permutation ? Figures.Of(values.Average())
                : Figures.Of((double)inside / values.Count),
            Interval =
                !usable ? null
                : permutation ? Figures.Of(StudentT.Interval(values))
                : Figures.Of(ExactBinomial.ClopperPearson(inside, values.Count)),
            PSupport = Figures.Of(support),
            PRefute = Figures.Of(refute),
            Level = Figures.Of(level),
            SmallestP = Figures.Of(SmallestP(part, seeds)),
            ThetaSupport = part.ThetaSupport.ToString(),
            ThetaRefute = part.ThetaRefute.ToString(),
            Rule = permutation
                ? $"One number a seed: the {what}. Supported where permutation tests (signs flipped about each threshold, "
                    + $"one-sided) give p <= level that its mean is {part.ThetaSupport}; refuted where they do that it is "
                    + $"{part.ThetaRefute}."
                : $"One number a seed: the {what}. Supported where more than half of the seeds have it {part.ThetaSupport}, "
                    + $"refuted where more than half have it {part.ThetaRefute}, by the exact binomial test at the level.",
            Groups = [Parts.Group(part.Arm, values, part, null)],
        };
    }

    private static double? P(ClaimPart part, Band band, List<double> values)
    {
        if (part.Test == "binomial")
        {
            return ExactBinomial.AtLeast(values.Count(band.Holds), values.Count, Even);
        }

        double?[] ps = band.Outside
            ?
            [
                band.Below is { } below ? PermutationTest.MeanBelow(values, below) : null,
                band.Above is { } above ? PermutationTest.MeanAbove(values, above) : null,
            ]
            :
            [
                band.AtLeast is { } least ? PermutationTest.MeanAbove(values, least) : null,
                band.AtMost is { } most ? PermutationTest.MeanBelow(values, most) : null,
            ];
        var made = ps.OfType<double>().ToList();
        // Inside: both bounds must hold, the weaker one decides. Outside: either may, so that each has half the level.
        return band.Outside ? Math.Min(1, made.Count * made.Min()) : made.Max();
    }

    private static List<double> PerSeed(ClaimPart part, ClaimArm arm, Evidence evidence)
    {
        var values = new List<double>();
        foreach (
            var seed in evidence
                .Values(arm, part.Metric)
                .GroupBy(value => value.Row.Seed)
                .OrderBy(seed => seed.Key)
        )
        {
            var cells = seed.Where(cell => Counts(part, cell.Row)).ToList();
            if (One(part, cells) is { } value)
            {
                values.Add(value);
            }
            else
            {
                evidence.Lacks($"seed {seed.Key} has no {Statistic(part)} in '{arm.Name}'");
            }
        }

        return values;
    }

    private static bool Counts(ClaimPart part, TrialRow row) =>
        part.Where is not { } where
        || (Evidence.Value(row, where.Metric) is { } value && where.Band.Holds(value));

    private static double? One(ClaimPart part, List<(TrialRow Row, double Value)> cells) =>
        cells.Count == 0
            ? null
            : part.Statistic switch
            {
                "smallest" => cells.Min(cell => cell.Value),
                "largest" => cells.Max(cell => cell.Value),
                "log_slope" => Slope(part.Predictor!, cells),
                _ => cells[0].Value,
            };

    private static double? Slope(string predictor, List<(TrialRow Row, double Value)> cells)
    {
        var points = cells
            .Select(cell => (X: Evidence.Value(cell.Row, predictor), Y: cell.Value))
            .ToList();
        return points.TrueForAll(point => point.X > 0 && point.Y > 0)
            ? LeastSquares
                .Fit(
                    [.. points.Select(point => Math.Log(point.X!.Value))],
                    [.. points.Select(point => Math.Log(point.Y))]
                )
                ?.Slope
            : null;
    }

    private static string Statistic(ClaimPart part)
    {
        var metric = part.Statistic switch
        {
            "smallest" => $"smallest {part.Metric}",
            "largest" => $"largest {part.Metric}",
            "log_slope" => $"slope of ln {part.Metric} on ln {part.Predictor}",
            _ => part.Metric,
        };
        return part.Where is { } where
            ? $"{metric} of cells with {where.Metric} {where.Band}"
            : metric;
    }
}
