using Harness.Domain.Metrics;

namespace Harness.Domain.Sweeps;

/// <summary>Binds the keys of a sweep file, in the order in which a person reads them.</summary>
/// <param name="index">What may be named.</param>
/// <param name="problems">Where faults go.</param>
public sealed class SweepBinder(SettingIndex index, Problems problems)
{
    private const int LongestName = 100;

    private readonly ScalarBinder _scalars = new(problems);

    /// <summary>Keys of a file, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "version",
        "name",
        "description",
        "labels",
        "method",
        "trials",
        "random_seed",
        "parameters",
        "overrides",
        "constraints",
        "seeds",
        "metric",
        "probes",
        "budget",
        "early_stopping",
        "resources",
        "placement",
        "max_concurrent_trials",
        "priority",
        "retry",
        "match",
        "checkpoint",
    ];

    /// <summary>Keys that a later version will obey: refused by name, never ignored.</summary>
    public static IReadOnlyList<string> NotYet { get; } = ["match"];

    /// <summary>The spec, or null where a required part is missing.</summary>
    public SweepSpec? Bind(YamlMap file)
    {
        var listed = new LabelBinder(_scalars, problems);
        RootKeys(file);
        Version(file);
        RefuseLater(file);
        var name = Required(file, "name") is { } named
            ? _scalars.Text("/name", named, LongestName)
            : null;
        var method = Method(file);
        var parameters = Parameters(file, method);
        var seeds = Required(file, "seeds") is { } written ? listed.Seeds(written) : null;
        var budget = new BudgetBinder(index, _scalars, problems).Bind(file);
        if (name is null || parameters is null || seeds is null || budget is null)
        {
            return null;
        }

        var binder = new ParameterBinder(index, _scalars, problems);
        var cells = new CellBinder(binder, problems);
        var retry = Map(file, "retry", ["max_crashes", "max_retries"]);
        var spec = new SweepSpec
        {
            Name = name,
            Description = file.Find("description") is { } text
                ? _scalars.Text("/description", text.Value, LabelBinder.LongestText)
                : null,
            Labels = listed.Labels(file),
            Method = method,
            RandomTrials = method == SweepMethod.Random ? RandomTrials(file) : 0,
            RandomSeed = file.Find("random_seed") is { } key
                ? _scalars.Integer("/random_seed", key.Value, 0, long.MaxValue) ?? 0
                : 0,
            ListedTrials =
                method == SweepMethod.List && file.Find("trials")?.Value is YamlList list
                    ? binder.Cells("/trials", list)
                    : [],
            Parameters = parameters,
            Overrides = cells.Overrides(file),
            Excluded = cells.Excluded(file),
            Seeds = seeds,
            Metric = Metric(file),
            Maximize =
                Map(file, "metric", ["name", "goal"])?.Find("goal") is not { } goal
                || Word("/metric/goal", goal.Value, ["maximize", "minimize"]) != "minimize",
            Budget = budget,
            MaxConcurrentTrials =
                Number(file, "max_concurrent_trials", 1, int.MaxValue) ?? int.MaxValue,
            Priority = Number(file, "priority", -1_000_000, 1_000_000) ?? 0,
            MaxCrashes = retry is null ? 5 : Number(retry, "max_crashes", 0, 1000, "/retry") ?? 5,
            MaxRetries = retry is null ? 0 : Number(retry, "max_retries", 0, 1000, "/retry") ?? 0,
        };
        return spec with { RandomSeed = spec.Method == SweepMethod.Random ? spec.RandomSeed : 0 };
    }

    // A setting at the top is the commonest mistake of all, and `--set width=64` is the same one.
    private void RootKeys(YamlMap file)
    {
        foreach (var entry in file.Entries.Where(entry => !Keys.Contains(entry.Key.Text)))
        {
            var (key, path) = (entry.Key, $"/{entry.Key.Text}");
            var name = Nearest.Ours(key.Text);
            var home = name == "steps" ? "budget.steps" : SettingIndex.KeyOf(name);
            if (home is null && !index.Names.Contains(name))
            {
                problems.UnknownKey(path, key, [.. Keys.Except(NotYet)]);
                continue;
            }

            var told = home is not null
                ? $"'{key.Text}' stands under '{home}'"
                : $"'{key.Text}' is {(name == key.Text ? "a parameter" : $"the parameter '{name}'")}";
            var way =
                key.Line == 0 ? $": write --set {Setting(name, home, entry.Value)}."
                : home is null ? $": write it under 'parameters', as {name}: {Values(entry.Value)}."
                : ".";
            problems.Add("field.elsewhere", path, key, told + way);
        }
    }

    // In single quotes where a shell would take brackets or blanks for its own.
    private static string Setting(string name, string? home, YamlNode value) =>
        home switch
        {
            null => $"'parameters.{name}={Values(value)}'"
                + (
                    value is YamlScalar one
                        ? $", or with {{values: [{one.Text}, …]}} for a grid"
                        : ""
                ),
            "resources[0].memory" => $"'resources=[{{memory: {YamlText.Inline(value)}}}]'",
            _ => $"{home}={YamlText.Inline(value)}",
        };

    private static string Values(YamlNode node) =>
        node switch
        {
            YamlMap map => YamlText.Inline(map),
            YamlList list => $"{{values: {YamlText.Inline(list)}}}",
            _ => $"{{value: {YamlText.Inline(node)}}}",
        };

    private void CheckKeys(string path, YamlMap map, IReadOnlyCollection<string> known) =>
        problems.CheckKeys(path, map, known);

    private void Version(YamlMap file)
    {
        if (Required(file, "version") is { } version)
        {
            _scalars.Integer("/version", version, 1, 1);
        }
    }

    private void RefuseLater(YamlMap file)
    {
        foreach (var name in NotYet)
        {
            if (file.Find(name) is { } entry)
            {
                Later($"/{name}", entry.Key, name);
            }
        }

        if (
            Map(
                file,
                "early_stopping",
                ["type", "min_resource", "max_resource", "reduction_factor"]
            ) is
            { } stopping
        )
        {
            EarlyStopping(stopping);
        }

        if (Map(file, "placement", ["same_hardware", "interleave", "exclusive"]) is { } placement)
        {
            foreach (
                var (key, only) in new[]
                {
                    ("same_hardware", "required"),
                    ("interleave", "true"),
                    ("exclusive", "false"),
                }
            )
            {
                if (placement.Find(key) is { } entry && (entry.Value as YamlScalar)?.Text != only)
                {
                    Later($"/placement/{key}", entry.Value, $"placement.{key} other than {only}");
                }
            }
        }
    }

    private void EarlyStopping(YamlMap stopping)
    {
        if (stopping.Find("type") is not { } type)
        {
            problems.Add(
                "field.required",
                "/early_stopping/type",
                stopping,
                "'early_stopping' needs 'type'.",
                ["none"]
            );
        }
        else if ((type.Value as YamlScalar)?.Text != "none")
        {
            Later("/early_stopping/type", type.Value, "early_stopping other than {type: none}");
        }
    }

    private void Later(string path, YamlNode at, string what) =>
        problems.Add(
            "not_yet",
            path,
            at,
            $"not yet: {what}; take it out, this version would not obey it"
        );

    private YamlNode? Required(YamlMap file, string key)
    {
        if (file.Find(key) is { Value: not YamlScalar { IsNull: true } } entry)
        {
            return entry.Value;
        }

        problems.Add(
            "field.required",
            $"/{key}",
            file.Find(key)?.Key ?? (YamlNode)file,
            file.Find(key) is null ? $"'{key}' is missing." : $"'{key}' has no value."
        );
        return null;
    }

    private YamlMap? Map(YamlMap file, string key, IReadOnlyCollection<string> known)
    {
        if (file.Find(key) is not { } entry)
        {
            return null;
        }

        if (entry.Value is not YamlMap map)
        {
            problems.Add(
                "type.mismatch",
                $"/{key}",
                entry.Value,
                $"'{key}' is a mapping of {string.Join(", ", known)}, not {entry.Value.Kind}."
            );
            return null;
        }

        CheckKeys($"/{key}", map, known);
        return map;
    }

    private int? Number(YamlMap map, string key, long min, long max, string path = "") =>
        map.Find(key) is { } entry
            ? (int?)_scalars.Integer($"{path}/{key}", entry.Value, min, max)
            : null;

    private string? Word(string path, YamlNode node, IReadOnlyCollection<string> known)
    {
        var word = (node as YamlScalar)?.Text ?? node.Kind;
        if (known.Contains(word))
        {
            return word;
        }

        problems.UnknownWord("word.unknown", path, node, path.Split('/')[^1], word, known);
        return null;
    }

    private SweepMethod Method(YamlMap file)
    {
        if (
            file.Find("method") is not { } entry
            || Word("/method", entry.Value, ["grid", "random", "list"]) is not { } word
        )
        {
            return SweepMethod.Grid;
        }

        var method = Words.Parse<SweepMethod>(word);
        var trials = file.Find("trials");
        if (method == SweepMethod.List && trials?.Value is not YamlList { Items.Count: > 0 })
        {
            problems.Add(
                "field.required",
                "/trials",
                trials?.Value ?? file,
                "The list method needs 'trials': a list of mappings, one a cell."
            );
        }

        return method;
    }

    private int RandomTrials(YamlMap file) =>
        Required(file, "trials") is { } trials
            ? (int?)_scalars.Integer("/trials", trials, 1, SweepExpansion.Cap) ?? 0
            : 0;

    private SortedDictionary<string, ParameterValues>? Parameters(YamlMap file, SweepMethod method)
    {
        if (method == SweepMethod.Grid && file.Find("trials") is { } trials)
        {
            problems.Add(
                "field.conflict",
                "/trials",
                trials.Key,
                "A grid has no 'trials'; say 'method: random' or 'method: list'."
            );
        }

        if (method == SweepMethod.List && file.Find("parameters") is null)
        {
            return new SortedDictionary<string, ParameterValues>(StringComparer.Ordinal);
        }

        if (Required(file, "parameters") is not { } node)
        {
            return null;
        }

        var bound = new ParameterBinder(index, _scalars, problems).Parameters(
            "/parameters",
            node,
            method == SweepMethod.Random,
            overriding: false
        );
        foreach (var name in new[] { "model", "task" })
        {
            if (method != SweepMethod.List && node is YamlMap map && map.Find(name) is null)
            {
                problems.Add(
                    "field.required",
                    $"/parameters/{name}",
                    map,
                    $"'parameters' needs a '{name}'.",
                    index.Definitions(name)[0].Choices
                );
            }
        }

        return bound;
    }

    private string Metric(YamlMap file)
    {
        var known = MetricCatalog.All.Select(metric => metric.Name).ToList();
        return
            Map(file, "metric", ["name", "goal"])?.Find("name") is { } name
            && Word("/metric/name", name.Value, known) is { } word
            ? word
            : "accuracy";
    }
}
