using Harness.Domain.Trials;

namespace Harness.Domain.Sweeps;

/// <summary>Binds what limits and measures every trial: <c>budget</c>, <c>probes</c>, <c>resources</c>, <c>checkpoint</c>.</summary>
/// <param name="index">What may be named.</param>
/// <param name="scalars">Binder of single values.</param>
/// <param name="problems">Where faults go.</param>
public sealed class BudgetBinder(SettingIndex index, ScalarBinder scalars, Problems problems)
{
    private const double LongestTrial = 1e7; // seconds
    private const string DefaultProbes = "memory,throughput";

    /// <summary>The settings, or null where the budget is missing.</summary>
    public SortedDictionary<string, SettingValue>? Bind(YamlMap file)
    {
        var settings = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal)
        {
            ["probes"] = SettingValue.Of(Probes(file)),
            ["max_trial_time"] = SettingValue.Of(0L),
            ["memory"] = SettingValue.Of(0L),
            ["checkpoint_every"] = SettingValue.Of(Every(file) ?? 0L),
        };
        Resources(file, settings);
        return Budget(file, settings) ? settings : null;
    }

    private bool Budget(YamlMap file, SortedDictionary<string, SettingValue> settings)
    {
        if (file.Find("budget") is not { Value: YamlMap budget } entry)
        {
            problems.Add(
                "field.required",
                "/budget",
                file.Find("budget")?.Value ?? file,
                "'budget' is missing: a mapping with 'steps', such as {steps: 300}."
            );
            return false;
        }

        string[] known = ["steps", "max_trial_time"];
        foreach (
            var unknown in budget.Entries.Where(item =>
                !known.Contains(item.Key.Text) && item.Key.Text != "max_sweep_time"
            )
        )
        {
            problems.UnknownKey($"/budget/{unknown.Key.Text}", unknown.Key, known);
        }

        if (budget.Find("max_sweep_time") is { } later)
        {
            problems.Add(
                "not_yet",
                "/budget/max_sweep_time",
                later.Key,
                "not yet: budget.max_sweep_time; take it out, this version would not obey it"
            );
        }

        if (
            budget.Find("max_trial_time") is { } cap
            && Duration("/budget/max_trial_time", cap.Value) is { } seconds
        )
        {
            settings["max_trial_time"] = SettingValue.Of(seconds);
        }

        if (budget.Find("steps") is not { } steps)
        {
            problems.Add(
                "field.required",
                "/budget/steps",
                entry.Value,
                "'budget' needs 'steps': accuracy is budgeted in steps, never in seconds."
            );
            return false;
        }

        if (scalars.Value("/budget/steps", steps.Value, index.Definitions("steps")[0]) is { } value)
        {
            settings["steps"] = value;
        }

        return true;
    }

    private long? Every(YamlMap file)
    {
        if (file.Find("checkpoint") is not { } entry)
        {
            return null;
        }

        if (entry.Value is not YamlMap { Entries.Count: > 0 } map)
        {
            problems.Add(
                "field.required",
                "/checkpoint/every",
                entry.Value,
                "'checkpoint' needs 'every', a number of steps, such as {every: 100}."
            );
            return null;
        }

        problems.CheckKeys("/checkpoint", map, ["every"]);
        var most = (long)index.Definitions("checkpoint_every")[0].Max!;
        return map.Find("every") is { } every
            ? scalars.Integer("/checkpoint/every", every.Value, 1, most)
            : null;
    }

    private double? Duration(string path, YamlNode node)
    {
        var seconds = node is YamlScalar scalar ? Units.Seconds(scalar.Text) : null;
        if (seconds is > 0 and <= LongestTrial)
        {
            return seconds;
        }

        problems.Add(
            "duration",
            path,
            node,
            node is YamlScalar { Text: var text } && long.TryParse(text, out var bare) && bare > 0
                ? $"{bare} has no unit: write {bare}s for seconds or {bare}m for minutes."
                : $"{node.Kind} is no time for a trial: write {Units.DurationGrammar}."
        );
        return null;
    }

    private string Probes(YamlMap file)
    {
        if (file.Find("probes") is not { } entry)
        {
            return DefaultProbes;
        }

        if (entry.Value is not YamlList list)
        {
            problems.Add(
                "type.mismatch",
                "/probes",
                entry.Value,
                $"'probes' is a list, not {entry.Value.Kind}."
            );
            return DefaultProbes;
        }

        var known = index.Catalogue.Probes.Select(probe => probe.Name).ToList();
        var named = new SortedSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < list.Items.Count; number++)
        {
            var item = list.Items[number];
            if (item is not YamlScalar word || !known.Contains(word.Text))
            {
                problems.UnknownWord(
                    "probe.unknown",
                    $"/probes/{number}",
                    item,
                    "probe",
                    (item as YamlScalar)?.Text ?? item.Kind,
                    known
                );
            }
            else if (!named.Add(word.Text))
            {
                problems.Add(
                    "probe.duplicate",
                    $"/probes/{number}",
                    item,
                    $"The probe {word.Text} stands twice."
                );
            }
        }

        return string.Join(',', named);
    }

    private void Resources(YamlMap file, SortedDictionary<string, SettingValue> settings)
    {
        if (file.Find("resources") is not { } entry)
        {
            return;
        }

        if (entry.Value is not YamlList { Items: [YamlMap first, ..] } list)
        {
            problems.Add(
                "type.mismatch",
                "/resources",
                entry.Value,
                "'resources' is a list of mappings, such as [{cpu: 1, memory: 1GiB}]."
            );
            return;
        }

        if (list.Items.Count > 1)
        {
            problems.Add(
                "not_yet",
                "/resources/1",
                list.Items[1],
                "not yet: several alternatives of resources; leave the first"
            );
        }

        foreach (var item in first.Entries)
        {
            var path = $"/resources/0/{item.Key.Text}";
            switch (item.Key.Text)
            {
                case "cpu":
                    if (
                        scalars.Value(path, item.Value, index.Definitions("threads")[0]) is
                        { } threads
                    )
                    {
                        settings["threads"] = threads;
                    }

                    break;
                case "memory":
                    if (
                        item.Value is YamlScalar size
                        && Units.Bytes(size.Text) is { } bytes and > 0
                    )
                    {
                        settings["memory"] = SettingValue.Of(bytes);
                    }
                    else
                    {
                        problems.Add(
                            "size",
                            path,
                            item.Value,
                            $"{item.Value.Kind} is no size: write {Units.SizeGrammar}."
                        );
                    }

                    break;
                case "gpu":
                    problems.Add(
                        "not_yet",
                        path,
                        item.Key,
                        "not yet: resources.gpu; take it out, this version trains on the CPU"
                    );
                    break;
                default:
                    problems.UnknownKey(path, item.Key, ["cpu", "memory", "gpu"]);
                    break;
            }
        }
    }
}
