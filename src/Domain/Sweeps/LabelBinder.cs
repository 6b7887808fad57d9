namespace Harness.Domain.Sweeps;

/// <summary>Binds <c>seeds</c> and <c>labels</c>.</summary>
/// <param name="scalars">Binder of single values.</param>
/// <param name="problems">Where faults go.</param>
public sealed class LabelBinder(ScalarBinder scalars, Problems problems)
{
    /// <summary>Characters of a text for people.</summary>
    public const int LongestText = 2000;

    /// <summary>Seeds of a sweep.</summary>
    public const int MaxSeeds = 10_000;

    /// <summary>A number of seeds, or a list of them.</summary>
    public IReadOnlyList<long>? Seeds(YamlNode node)
    {
        if (node is YamlScalar)
        {
            return scalars.Integer("/seeds", node, 1, MaxSeeds) is { } count
                ? [.. Enumerable.Range(1, (int)count).Select(seed => (long)seed)]
                : null;
        }

        if (node is YamlMap named)
        {
            problems.CheckKeys("/seeds", named, ["values"]);
            if (named.Find("values") is null)
            {
                problems.Add("field.required", "/seeds/values", named, "'seeds' needs 'values'.");
                return null;
            }
        }

        if (
            node is not YamlMap map
            || map.Find("values")?.Value is not YamlList { Items.Count: > 0 and <= MaxSeeds } list
        )
        {
            problems.Add(
                "type.mismatch",
                "/seeds",
                node,
                node is YamlList { Items.Count: > 0 and < 20 } plain
                    ? $"A list of seeds is written {{values: [{string.Join(", ", plain.Items.Select(item => (item as YamlScalar)?.Text ?? "…"))}]}}."
                    : $"'seeds' is their number, or {{values: [1, 2, 3]}} with 1 to {MaxSeeds:#,0} of them."
            );
            return null;
        }

        var seeds = new List<long>();
        for (var number = 0; number < list.Items.Count; number++)
        {
            if (
                scalars.Integer($"/seeds/values/{number}", list.Items[number], 0, long.MaxValue)
                is not { } seed
            )
            {
                continue;
            }

            if (seeds.Contains(seed))
            {
                problems.Add(
                    "seeds.duplicate",
                    $"/seeds/values/{number}",
                    list.Items[number],
                    $"Seed {seed} stands twice; the same seed would give the same numbers again."
                );
            }

            seeds.Add(seed);
        }

        return seeds;
    }

    /// <summary>Words to find a sweep by.</summary>
    public SortedDictionary<string, string> Labels(YamlMap file)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (file.Find("labels") is not { } entry)
        {
            return labels;
        }

        if (entry.Value is not YamlMap map)
        {
            problems.Add(
                "type.mismatch",
                "/labels",
                entry.Value,
                $"'labels' is a mapping of words to texts, not {entry.Value.Kind}."
            );
            return labels;
        }

        foreach (var label in map.Entries)
        {
            var key = label.Key.Text;
            if (
                key.Length is 0 or > 63
                || !key.All(symbol =>
                    char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_' or '.'
                )
            )
            {
                problems.Add(
                    "label.charset",
                    $"/labels/{key}",
                    label.Key,
                    "The key of a label has 1 to 63 letters, digits, '-', '_' and '.'."
                );
            }
            else if (scalars.Text($"/labels/{key}", label.Value, LongestText) is { } text)
            {
                labels[key] = text;
            }
        }

        return labels;
    }
}
