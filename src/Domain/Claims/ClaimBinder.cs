using Harness.Domain.Sweeps;

namespace Harness.Domain.Claims;

/// <summary>Binds the keys of a claim's file.</summary>
/// <param name="index">Settings that arms may name.</param>
/// <param name="problems">Where faults go.</param>
internal sealed class ClaimBinder(SettingIndex index, Problems problems)
{
    private static readonly string[] FromTheClaim = ["version", "name", "seeds"];

    private readonly ConditionBinder _conditions = new(
        new ParameterBinder(index, new ScalarBinder(problems), problems),
        problems
    );

    /// <summary>The claim; of no use while there are problems.</summary>
    public ClaimDefinition Bind(YamlMap file)
    {
        var reading = new ClaimReading("", file, problems).Only(
            "version",
            "claim",
            "statement",
            "matching",
            "sweeps",
            "profiles",
            "arms",
            "parts",
            "controls",
            "observations",
            "reservations"
        );
        reading.Integer("version", 1, 1);
        var known = ClaimCatalog.All.Select(entry => entry.Id).ToList();
        var sweeps = Sweeps(reading);
        return new ClaimDefinition
        {
            Id = reading.Word("claim", known),
            Statement = reading.Text("statement"),
            Matching = reading.Text("matching"),
            Sweeps = sweeps,
            Profiles = Profiles(reading, sweeps),
            Arms = Arms(reading, [.. sweeps.Keys]),
            Parts = [.. PartBinder.Parts(reading, problems)],
            Controls = [.. Controls(reading)],
            Observations = [.. Observations(reading)],
            Reservations = reading.Texts("reservations", required: false),
        };
    }

    private SortedDictionary<string, YamlMap> Sweeps(ClaimReading file)
    {
        var sweeps = new SortedDictionary<string, YamlMap>(StringComparer.Ordinal);
        foreach (var (name, sweep) in file.Children("sweeps"))
        {
            sweeps[name] = sweep.Map;
            foreach (
                var entry in sweep.Map.Entries.Where(entry => FromTheClaim.Contains(entry.Key.Text))
            )
            {
                problems.Add(
                    "field.conflict",
                    $"{sweep.Path}/{entry.Key.Text}",
                    entry.Key,
                    $"'{entry.Key.Text}' comes from the claim: its name, its profile's block of seeds and the looks."
                );
            }
        }

        return sweeps;
    }

    private List<ClaimProfile> Profiles(ClaimReading file, SortedDictionary<string, YamlMap> sweeps)
    {
        var profiles = new List<ClaimProfile>();
        var known = Enum.GetValues<ClaimProfileName>().Select(Words.Of).ToList();
        foreach (var (name, profile) in file.Children("profiles"))
        {
            profile.Only("first_seed", "set");
            if (!known.Contains(name))
            {
                problems.UnknownWord(
                    "profile.unknown",
                    profile.Path,
                    profile.Map,
                    "profile",
                    name,
                    known
                );
                continue;
            }

            profiles.Add(
                new ClaimProfile(
                    Words.Parse<ClaimProfileName>(name),
                    profile.Integer("first_seed", 1, 1_000_000_000),
                    profile.Map.Find("set") is null ? [] : Set(profile.Child("set"), sweeps)
                )
            );
        }

        return profiles;
    }

    private List<KeyValuePair<string, YamlNode>> Set(
        ClaimReading? set,
        SortedDictionary<string, YamlMap> sweeps
    )
    {
        var values = new List<KeyValuePair<string, YamlNode>>();
        foreach (var entry in set?.Map.Entries ?? [])
        {
            var key = entry.Key.Text;
            if (
                !sweeps.ContainsKey(key.Split('.')[0])
                || !key.Contains('.', StringComparison.Ordinal)
            )
            {
                problems.Add(
                    "set.unknown",
                    $"{set!.Path}/{key}",
                    entry.Key,
                    "A key here is a sweep of this claim and keys of its file, with dots between.",
                    sweeps.Keys.Select(sweep => $"{sweep}.budget.steps")
                );
                continue;
            }

            values.Add(new KeyValuePair<string, YamlNode>(key, entry.Value));
        }

        return values;
    }

    private SortedDictionary<string, ClaimArm> Arms(ClaimReading file, IReadOnlyList<string> sweeps)
    {
        var arms = new SortedDictionary<string, ClaimArm>(StringComparer.Ordinal);
        foreach (var (name, arm) in file.Children("arms"))
        {
            arm.Only("sweep", "where");
            var sweep = sweeps.Count == 0 ? "" : arm.Word("sweep", sweeps);
            arms[name] = new ClaimArm(
                name,
                sweep,
                arm.Required("where") is { } where
                    ? _conditions.Conditions($"{arm.Path}/where", where)
                    : []
            );
        }

        return arms;
    }

    private static IEnumerable<ClaimControl> Controls(ClaimReading file)
    {
        foreach (var (name, control) in file.Children("controls"))
        {
            control.Only(
                "says",
                "arms",
                "metric",
                "at_least",
                "at_most",
                "below",
                "above",
                "share"
            );
            yield return new ClaimControl(
                name,
                control.Text("says"),
                control.Texts("arms"),
                control.Metric("metric"),
                control.Band(),
                control.Number("share", 0, 1) ?? 1
            );
        }
    }

    private static IEnumerable<ClaimObservation> Observations(ClaimReading file)
    {
        foreach (var (name, seen) in file.Children("observations", required: false))
        {
            seen.Only(
                "says",
                "arm",
                "metric",
                "at_least",
                "at_most",
                "below",
                "above",
                "optional",
                "reservation"
            );
            yield return new ClaimObservation(
                name,
                seen.Text("says"),
                seen.Text("arm"),
                seen.Metric("metric"),
                seen.Band(),
                seen.Flag("optional"),
                seen.OptionalText("reservation")
            );
        }
    }
}
