namespace Harness.Domain.Sweeps;

/// <summary>Binds <c>overrides</c> and <c>constraints</c>.</summary>
/// <param name="binder">Binder of settings.</param>
/// <param name="problems">Where faults go.</param>
public sealed class CellBinder(ParameterBinder binder, Problems problems)
{
    private readonly ConditionBinder _conditions = new(binder, problems);

    /// <summary>Settings of some cells.</summary>
    public IReadOnlyList<CellOverride> Overrides(YamlMap file)
    {
        var bound = new List<CellOverride>();
        foreach (var (path, item) in Items(file, "overrides"))
        {
            if (Parts(path, item, "An override", ["when", "set"]) is not [var when, var set])
            {
                continue;
            }

            bound.Add(
                new CellOverride(
                    _conditions.Conditions($"{path}/when", when),
                    binder.Parameters($"{path}/set", set, random: false, overriding: true)
                )
            );
        }

        return bound;
    }

    /// <summary>Cells that are left out.</summary>
    public IReadOnlyList<IReadOnlyList<Condition>> Excluded(YamlMap file)
    {
        var bound = new List<IReadOnlyList<Condition>>();
        foreach (var (path, item) in Items(file, "constraints"))
        {
            if (Parts(path, item, "A constraint", ["exclude"]) is not [var exclude])
            {
                continue;
            }

            bound.Add(_conditions.Conditions($"{path}/exclude", exclude));
        }

        return bound;
    }

    // Values of all the keys, or nothing where one is missing; another key is a fault too.
    private IReadOnlyList<YamlNode> Parts(
        string path,
        YamlNode item,
        string what,
        IReadOnlyList<string> keys
    )
    {
        if (item is not YamlMap map)
        {
            problems.Add(
                "type.mismatch",
                path,
                item,
                $"{what} is a mapping with {string.Join(" and ", keys.Select(key => $"'{key}'"))}, not {item.Kind}."
            );
            return [];
        }

        problems.CheckKeys(path, map, keys);
        foreach (var key in keys.Where(key => map.Find(key) is null))
        {
            problems.Add("field.required", $"{path}/{key}", map, $"{what} needs '{key}'.");
        }

        return [.. keys.Select(map.Find).OfType<YamlEntry>().Select(entry => entry.Value)];
    }

    private IEnumerable<(string Path, YamlNode Item)> Items(YamlMap file, string key)
    {
        if (file.Find(key) is not { } entry)
        {
            return [];
        }

        if (entry.Value is YamlList list)
        {
            return list.Items.Select((item, number) => ($"/{key}/{number}", item));
        }

        problems.Add(
            "type.mismatch",
            $"/{key}",
            entry.Value,
            $"'{key}' is a list, not {entry.Value.Kind}."
        );
        return [];
    }
}
