namespace Harness.Domain.Sweeps;

/// <summary>A value of the command line, put over the file's: <c>--set budget.steps=50</c>.</summary>
public static class SetOption
{
    /// <summary>The file with one value replaced or added.</summary>
    /// <param name="map">The file.</param>
    /// <param name="key">Keys with dots between.</param>
    /// <param name="value">YAML.</param>
    /// <param name="problems">Where faults go; their line is 0.</param>
    public static YamlMap Apply(YamlMap map, string key, string value, Problems problems)
    {
        var (node, fault) =
            value.Length == 0 ? (new YamlScalar("", true, 0, 0), null) : YamlReader.Read(value);
        if (fault is not null)
        {
            problems.Add(
                fault with
                {
                    Line = 0,
                    Column = 0,
                    Message = $"--set {key}: {fault.Message}",
                }
            );
            return map;
        }

        return Put(map, key.Split('.'), Unplaced(node!));
    }

    /// <summary>The mapping with one value replaced or added, some keys deep.</summary>
    public static YamlMap Put(YamlMap map, ReadOnlySpan<string> path, YamlNode value)
    {
        var name = path[0];
        var rest = path[1..];
        var old = map.Find(name);
        var placed = rest.IsEmpty
            ? value
            : Put(old?.Value as YamlMap ?? new YamlMap([], 0, 0), rest, value);
        var entry = new YamlEntry(old?.Key ?? new YamlScalar(name, true, 0, 0), placed);
        return map with
        {
            Entries = old is null
                ? [.. map.Entries, entry]
                : [.. map.Entries.Select(other => other == old ? entry : other)],
        };
    }

    // A value of the command line stands in no line of the file.
    private static YamlNode Unplaced(YamlNode node) =>
        node switch
        {
            YamlScalar scalar => scalar with { Line = 0, Column = 0 },
            YamlList list => new YamlList([.. list.Items.Select(Unplaced)], 0, 0),
            YamlMap map => new YamlMap(
                [
                    .. map.Entries.Select(entry => new YamlEntry(
                        entry.Key with
                        {
                            Line = 0,
                            Column = 0,
                        },
                        Unplaced(entry.Value)
                    )),
                ],
                0,
                0
            ),
            _ => node,
        };
}
