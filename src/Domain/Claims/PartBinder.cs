using Harness.Domain.Sweeps;

namespace Harness.Domain.Claims;

/// <summary>Binds the sub-verdicts of a claim's file.</summary>
internal static class PartBinder
{
    private static readonly string[] Rules = ["solves", "bound"];
    private static readonly string[] NotYet = ["graded-difference", "time-ratio", "cost-law"];
    private static readonly string[] Shared =
    [
        "says",
        "rule",
        "metric",
        "arm",
        "theta_support",
        "theta_refute",
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<ClaimPart> Parts(ClaimReading file, Problems problems)
    {
        foreach (var (name, part) in file.Children("parts"))
        {
            var rule = Rule(part, problems);
            part.Only(
                rule switch
                {
                    "solves" => [.. Shared, "against"],
                    "bound" => [.. Shared, "statistic", "predictor", "where", "test"],
                    // Another rule has keys of its own: one fault is enough.
                    _ => [.. part.Map.Entries.Select(entry => entry.Key.Text)],
                }
            );
            if (Rules.Contains(rule))
            {
                yield return Part(name, rule, part, problems);
            }
        }
    }

    private static ClaimPart Part(string name, string rule, ClaimReading part, Problems problems)
    {
        var bound = rule == "bound";
        var statistic = bound
            ? part.Word("statistic", ["value", "smallest", "largest", "log_slope"], required: false)
            : "value";
        var made = new ClaimPart
        {
            Id = name,
            Says = part.Text("says"),
            Rule = rule,
            Metric = part.Metric("metric"),
            Arm = part.Text("arm"),
            Against = bound ? [] : part.Texts("against"),
            Statistic = statistic,
            Predictor = statistic == "log_slope" ? part.Metric("predictor") : null,
            Where =
                bound && part.Map.Find("where") is not null && part.Child("where") is { } where
                    ? Where(where)
                    : null,
            Test = bound ? part.Word("test", ["permutation", "binomial"]) : "binomial",
            ThetaSupport = Band(part, "theta_support"),
            ThetaRefute = Band(part, "theta_refute"),
        };
        if (made.ThetaSupport.Overlaps(made.ThetaRefute))
        {
            problems.Add(
                "band.overlap",
                $"{part.Path}/theta_refute",
                part.Map.Find("theta_refute")?.Value ?? part.Map,
                "No value may speak for and against the statement: the two ranges overlap."
            );
        }

        return made;
    }

    private static string Rule(ClaimReading part, Problems problems)
    {
        var word = (part.Map.Find("rule")?.Value as YamlScalar)?.Text;
        if (NotYet.Contains(word))
        {
            problems.Add(
                "not_yet",
                $"{part.Path}/rule",
                part.Map.Find("rule")!.Value,
                $"not yet: rule {word}",
                Rules
            );
            return word!;
        }

        return part.Word("rule", Rules);
    }

    private static MetricBound Where(ClaimReading where) =>
        new(
            where.Only("metric", "at_least", "at_most", "below", "above").Metric("metric"),
            where.Band()
        );

    private static Band Band(ClaimReading part, string key) =>
        part.Child(key)?.Only("at_least", "at_most", "below", "above").Band() ?? new Band();
}
