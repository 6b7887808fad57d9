using Harness.Domain.Sweeps;

namespace Harness.Domain.Claims;

/// <summary>Whether a claim's sweeps can answer it: each group has trials, and what must be one number is one.</summary>
internal static class ClaimChecker
{
    /// <summary>Adds what is wrong.</summary>
    public static void Check(ClaimDefinition claim, YamlMap file, Problems problems)
    {
        var faults = claim
            .Profiles.SelectMany(profile =>
                claim.Sweeps.Keys.SelectMany(sweep => ClaimSweeps.Problems(claim, profile, sweep))
            )
            // A fault of a sweep is one of all profiles that do not change it.
            .DistinctBy(problem => (problem.Code, problem.Path, problem.Line, problem.Column))
            .ToList();
        faults.ForEach(problems.Add);
        if (faults.Count == 0)
        {
            foreach (var profile in claim.Profiles)
            {
                Arms(claim, profile, file, problems);
            }
        }

        // Such a verdict needs blocks, equal hardware and a rule for contention: no rule of this version has them.
        foreach (var part in claim.Parts.Where(part => Inputs.OfClock(part.Metric)))
        {
            var path = $"/parts/{part.Id}/metric";
            problems.Add(
                "metric.not_yet",
                path,
                At(file, path),
                $"not yet: a verdict on {part.Metric}, which a clock or the kernel gives"
            );
        }

        foreach (
            var missing in Enum.GetValues<ClaimProfileName>()
                .Except(claim.Profiles.Select(profile => profile.Name))
        )
        {
            problems.Add(
                "field.required",
                $"/profiles/{Words.Of(missing)}",
                file.Find("profiles")!.Value,
                $"'{Words.Of(missing)}' is missing."
            );
        }
    }

    private static void Arms(
        ClaimDefinition claim,
        ClaimProfile profile,
        YamlMap file,
        Problems problems
    )
    {
        var cells = ClaimSweeps
            .Of(claim, profile, 1)
            .ToDictionary(sweep => sweep.Name, sweep => SweepExpansion.Trials(sweep.Spec));
        foreach (var use in Uses(claim))
        {
            if (!claim.Arms.TryGetValue(use.Arm, out var arm))
            {
                problems.UnknownWord(
                    "arm.unknown",
                    use.Path,
                    At(file, use.Path),
                    "arm",
                    use.Arm,
                    [.. claim.Arms.Keys]
                );
                continue;
            }

            var seeds = ClaimSweeps.Seeds(profile, 1).Count;
            var count = cells[arm.Sweep].Count(trial => Evidence.Selects(arm, trial)) / seeds;
            if (count == 0 && !use.Optional)
            {
                problems.Add(
                    "arm.empty",
                    use.Path,
                    At(file, use.Path),
                    $"No trial of the sweep '{arm.Sweep}' is in the arm '{arm.Name}' (profile {Words.Of(profile.Name)})."
                );
            }
            else if (count > 1 && use.Single)
            {
                problems.Add(
                    "arm.several",
                    use.Path,
                    At(file, use.Path),
                    $"The arm '{arm.Name}' has {count} trials a seed (profile {Words.Of(profile.Name)}); one number a seed is asked for: "
                        + "narrow its 'where', or name a statistic."
                );
            }
        }
    }

    private sealed record Use(string Path, string Arm, bool Single, bool Optional);

    private static IEnumerable<Use> Uses(ClaimDefinition claim) =>
        claim
            .Parts.SelectMany(part =>
                part.Against.Select(
                        (arm, number) =>
                            new Use($"/parts/{part.Id}/against/{number}", arm, true, false)
                    )
                    .Prepend(
                        new Use($"/parts/{part.Id}/arm", part.Arm, part.Statistic == "value", false)
                    )
            )
            .Concat(
                claim.Controls.SelectMany(control =>
                    control.Arms.Select(
                        (arm, number) =>
                            new Use($"/controls/{control.Id}/arms/{number}", arm, false, false)
                    )
                )
            )
            .Concat(
                claim.Observations.Select(seen => new Use(
                    $"/observations/{seen.Id}/arm",
                    seen.Arm,
                    false,
                    seen.Optional
                ))
            );

    // The node at a path that is known to exist.
    private static YamlNode At(YamlMap file, string path) =>
        path[1..]
            .Split('/')
            .Aggregate(
                (YamlNode)file,
                (node, key) =>
                    node switch
                    {
                        YamlMap map => map.Find(key)?.Value ?? node,
                        YamlList list => list.Items[
                            int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)
                        ],
                        _ => node,
                    }
            );
}
