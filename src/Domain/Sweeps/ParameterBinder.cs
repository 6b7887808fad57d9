using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Domain.Sweeps;

/// <summary>Binds <c>parameters</c>, what overrides set, and the cells of a list.</summary>
/// <param name="index">What may be named.</param>
/// <param name="scalars">Binder of single values.</param>
/// <param name="problems">Where faults go.</param>
public sealed class ParameterBinder(SettingIndex index, ScalarBinder scalars, Problems problems)
{
    private const int MaxValues = 10_000; // of one parameter
    private static readonly string[] ValueKeys =
    [
        "value",
        "values",
        "distribution",
        "min",
        "max",
        "count",
    ];
    private static readonly string[] SourceKeys = ["value", "values", "distribution"];
    private static readonly string[] Distributions = ["uniform", "log_uniform"];

    /// <summary>A mapping of names to values.</summary>
    public SortedDictionary<string, ParameterValues> Parameters(
        string path,
        YamlNode node,
        bool random,
        bool overriding
    )
    {
        var bound = new SortedDictionary<string, ParameterValues>(StringComparer.Ordinal);
        if (node is not YamlMap map)
        {
            problems.Add(
                "type.mismatch",
                path,
                node,
                $"A mapping of parameters is expected, not {node.Kind}."
            );
            return bound;
        }

        foreach (var entry in map.Entries)
        {
            var name = entry.Key.Text;
            var here = $"{path}/{name}";
            if (
                Known(here, entry.Key, overriding)
                && Values(here, name, entry.Value, random) is { } values
            )
            {
                bound[name] = values;
            }
        }

        return bound;
    }

    /// <summary>Cells of the list method.</summary>
    public IReadOnlyList<SortedDictionary<string, SettingValue>> Cells(string path, YamlList list)
    {
        var cells = new List<SortedDictionary<string, SettingValue>>();
        for (var number = 0; number < list.Items.Count; number++)
        {
            var here = $"{path}/{number}";
            if (list.Items[number] is not YamlMap map)
            {
                problems.Add(
                    "type.mismatch",
                    here,
                    list.Items[number],
                    $"A mapping of settings is expected, not {list.Items[number].Kind}."
                );
                continue;
            }

            var cell = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal);
            foreach (var entry in map.Entries)
            {
                if (
                    Known($"{here}/{entry.Key.Text}", entry.Key, overriding: false)
                    && Value($"{here}/{entry.Key.Text}", entry.Key.Text, entry.Value) is { } value
                )
                {
                    cell[entry.Key.Text] = value;
                }
            }

            cells.Add(cell);
        }

        return cells;
    }

    /// <summary>Whether a cell may have that setting; says what is wrong where not.</summary>
    public bool Known(string path, YamlScalar key, bool overriding)
    {
        if (SettingIndex.KeyOf(key.Text) is { } elsewhere)
        {
            problems.Add(
                "field.elsewhere",
                path,
                key,
                $"'{key.Text}' is no parameter; it stands under '{elsewhere}'."
            );
            return false;
        }

        if (key.Text == "steps" && !overriding)
        {
            problems.Add(
                "field.elsewhere",
                path,
                key,
                "'steps' stands under 'budget.steps'; an override may set it for some cells."
            );
            return false;
        }

        if (!index.Names.Contains(key.Text))
        {
            problems.UnknownWord(
                "parameter.unknown",
                path,
                key,
                "parameter",
                key.Text,
                [.. index.Names]
            );
            return false;
        }

        return true;
    }

    private ParameterValues? Values(string path, string name, YamlNode node, bool random)
    {
        if (node is not YamlMap map)
        {
            problems.Add(
                "type.mismatch",
                path,
                node,
                $"'{name}' needs a mapping with value, values or distribution, such as {{value: {(node as YamlScalar)?.Text ?? "32"}}}, not {node.Kind}."
            );
            return null;
        }

        foreach (var entry in map.Entries.Where(entry => !ValueKeys.Contains(entry.Key.Text)))
        {
            problems.UnknownKey($"{path}/{entry.Key.Text}", entry.Key, ValueKeys);
        }

        var kinds = SourceKeys.Select(map.Find).OfType<YamlEntry>().ToList();
        if (kinds.Count == 0 && map.Entries.Any(entry => !ValueKeys.Contains(entry.Key.Text)))
        {
            return null; // told above
        }

        if (kinds.Count != 1)
        {
            var at = kinds.Count > 1 ? kinds[1].Key : (YamlNode)map;
            problems.Add(
                "parameter.conflict",
                path,
                at,
                kinds.Count == 0
                    ? $"'{name}' needs value, values or distribution, and has none of them."
                    : $"'{name}' has {string.Join(" and ", kinds.Select(kind => $"{kind.Key.Text} (line {kind.Key.Line})"))}; keep one of them."
            );
            return null;
        }

        return kinds[0].Key.Text switch
        {
            "value" => Value($"{path}/value", name, kinds[0].Value) is { } value
                ? new ParameterValues { Values = [value] }
                : null,
            "values" => Listed($"{path}/values", name, kinds[0].Value),
            _ => Drawn(path, name, map, kinds[0].Value, random),
        };
    }

    private ParameterValues? Listed(string path, string name, YamlNode node)
    {
        if (node is not YamlList list)
        {
            problems.Add(
                "type.mismatch",
                path,
                node,
                $"A list of values is expected, not {node.Kind}."
            );
            return null;
        }

        if (list.Items.Count is 0 or > MaxValues)
        {
            problems.Add(
                "parameter.empty",
                path,
                node,
                $"'{name}' has {list.Items.Count} values; 1 to {MaxValues:#,0} are allowed."
            );
            return null;
        }

        var values = new List<SettingValue>();
        for (var number = 0; number < list.Items.Count; number++)
        {
            if (Value($"{path}/{number}", name, list.Items[number]) is not { } value)
            {
                continue;
            }

            if (values.IndexOf(value) is var first and >= 0)
            {
                problems.Add(
                    "parameter.duplicate",
                    $"{path}/{number}",
                    list.Items[number],
                    $"{value} stands twice in '{name}': as value {first + 1} and as value {number + 1}."
                );
            }

            values.Add(value);
        }

        return values.Count == 0 ? null : new ParameterValues { Values = values };
    }

    private ParameterValues? Drawn(
        string path,
        string name,
        YamlMap map,
        YamlNode kind,
        bool random
    )
    {
        var definition = index.Definitions(name)[0];
        if (definition.Kind is not (ParameterKind.Integer or ParameterKind.Number))
        {
            problems.Add("distribution.kind", path, kind, $"'{name}' is no number; give values.");
            return null;
        }

        if (kind is not YamlScalar word || !Distributions.Contains(word.Text))
        {
            problems.UnknownWord(
                "distribution.unknown",
                $"{path}/distribution",
                kind,
                "distribution",
                (kind as YamlScalar)?.Text ?? kind.Kind,
                Distributions
            );
            return null;
        }

        var min = map.Find("min") is { } low
            ? Value($"{path}/min", name, low.Value)?.Number
            : Missing(path, map, "min");
        var max = map.Find("max") is { } high
            ? Value($"{path}/max", name, high.Value)?.Number
            : Missing(path, map, "max");
        if (min is null || max is null)
        {
            return null;
        }

        if (min >= max || (word.Text == "log_uniform" && min <= 0))
        {
            problems.Add(
                "distribution.range",
                path,
                map,
                $"'{name}' needs min below max, and for log_uniform a positive min; it has {min} and {max}."
            );
            return null;
        }

        var distribution = new Distribution(
            word.Text == "log_uniform",
            definition.Kind == ParameterKind.Integer,
            min.Value,
            max.Value
        );
        return random
            ? new ParameterValues { Distribution = distribution }
            : Spread(path, name, map, distribution);
    }

    // In a grid a distribution is a number of evenly spread values.
    private ParameterValues? Spread(
        string path,
        string name,
        YamlMap map,
        Distribution distribution
    )
    {
        if (map.Find("count") is not { } count)
        {
            Missing(path, map, "count");
            return null;
        }

        if (scalars.Integer($"{path}/count", count.Value, 2, MaxValues) is not { } number)
        {
            return null;
        }

        var values = Enumerable
            .Range(0, (int)number)
            .Select(step => distribution.At(step / (number - 1.0)))
            .Distinct()
            .ToList();
        if (values.Count < number)
        {
            problems.Add(
                "distribution.count",
                $"{path}/count",
                count.Value,
                $"There are only {values.Count} whole numbers for the {number} values of '{name}'."
            );
        }

        return new ParameterValues { Values = values };
    }

    private double? Missing(string path, YamlMap map, string key)
    {
        problems.Add("field.required", $"{path}/{key}", map, $"A distribution needs '{key}'.");
        return null;
    }

    /// <summary>A single value of that setting.</summary>
    // A name that tasks share may have other ranges in each: a value is right when one of them takes it.
    public SettingValue? Value(string path, string name, YamlNode node)
    {
        var definitions = index.Definitions(name);
        foreach (var definition in definitions.Skip(1).Reverse())
        {
            var trial = new Problems();
            if (new ScalarBinder(trial).Value(path, node, definition) is { } value && trial.None)
            {
                return value;
            }
        }

        return scalars.Value(path, node, definitions[0]);
    }
}
