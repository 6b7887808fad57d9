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
            if (
                item is not YamlMap map
                || map.Find("when") is not { } when
                || map.Find("set") is not { } set
            )
            {
                problems.Add(
                    "type.mismatch",
                    path,
                    item,
                    "An override is a mapping with 'when' and 'set'."
                );
                continue;
            }

            problems.CheckKeys(path, map, ["when", "set"]);
            bound.Add(
                new CellOverride(
                    _conditions.Conditions($"{path}/when", when.Value),
                    binder.Parameters($"{path}/set", set.Value, random: false, overriding: true)
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
            if (item is not YamlMap map || map.Find("exclude") is not { } exclude)
            {
                problems.Add(
                    "type.mismatch",
                    path,
                    item,
                    "A constraint is a mapping with 'exclude'."
                );
                continue;
            }

            problems.CheckKeys(path, map, ["exclude"]);
            bound.Add(_conditions.Conditions($"{path}/exclude", exclude.Value));
        }

        return bound;
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
