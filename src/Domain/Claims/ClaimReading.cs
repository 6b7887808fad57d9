using Harness.Domain.Catalogue;
using Harness.Domain.Metrics;
using Harness.Domain.Sweeps;

namespace Harness.Domain.Claims;

/// <summary>Reads the keys of one mapping of a claim's file, each once, and says what is wrong.</summary>
/// <param name="path">Where the mapping stands.</param>
/// <param name="map">The mapping.</param>
/// <param name="problems">Where faults go.</param>
internal sealed class ClaimReading(string path, YamlMap map, Problems problems)
{
    private const int LongestText = 2000;

    private readonly ScalarBinder _scalars = new(problems);

    /// <summary>Where the mapping stands.</summary>
    public string Path { get; } = path;

    /// <summary>The mapping.</summary>
    public YamlMap Map { get; } = map;

    /// <summary>Refuses all other keys.</summary>
    public ClaimReading Only(params string[] keys)
    {
        problems.CheckKeys(Path, Map, keys);
        return this;
    }

    /// <summary>The value of a key that must be there.</summary>
    public YamlNode? Required(string key)
    {
        if (Map.Find(key) is { Value: not YamlScalar { IsNull: true } } entry)
        {
            return entry.Value;
        }

        problems.Add("field.required", $"{Path}/{key}", Map, $"'{key}' is missing.");
        return null;
    }

    /// <summary>A text that must be there; empty where it is not.</summary>
    public string Text(string key) =>
        Required(key) is { } node ? _scalars.Text($"{Path}/{key}", node, LongestText) ?? "" : "";

    /// <summary>A text, or null.</summary>
    public string? OptionalText(string key) => Map.Find(key) is null ? null : Text(key);

    /// <summary>One of a few words; the first where the key is not there and need not be.</summary>
    public string Word(string key, IReadOnlyList<string> known, bool required = true)
    {
        if (!required && Map.Find(key) is null)
        {
            return known[0];
        }

        if (Required(key) is not { } node)
        {
            return known[0];
        }

        var word = (node as YamlScalar)?.Text ?? node.Kind;
        if (!known.Contains(word))
        {
            problems.UnknownWord("word.unknown", $"{Path}/{key}", node, key, word, [.. known]);
        }

        return word;
    }

    /// <summary>The name of a metric.</summary>
    public string Metric(string key) =>
        Word(key, [.. MetricCatalog.All.Select(metric => metric.Name)]);

    /// <summary>A whole number.</summary>
    public long Integer(string key, long min, long max) =>
        Required(key) is { } node ? _scalars.Integer($"{Path}/{key}", node, min, max) ?? min : min;

    /// <summary>A number, or null where the key is not there.</summary>
    public double? Number(
        string key,
        double min = double.NegativeInfinity,
        double max = double.PositiveInfinity
    ) =>
        Map.Find(key) is { } entry
            ? _scalars
                .Value(
                    $"{Path}/{key}",
                    entry.Value,
                    new ParameterDefinition
                    {
                        Name = key,
                        Kind = ParameterKind.Number,
                        Description = "",
                        Min = double.IsFinite(min) ? min : null,
                        Max = double.IsFinite(max) ? max : null,
                    }
                )
                ?.Number
            : null;

    /// <summary>true or false; false where the key is not there.</summary>
    public bool Flag(string key) => Word(key, ["false", "true"], required: false) == "true";

    /// <summary>A range, written by some of <c>at_least</c>, <c>at_most</c>, <c>below</c>, <c>above</c>.</summary>
    public Band Band()
    {
        var band = new Band
        {
            AtLeast = Number("at_least"),
            AtMost = Number("at_most"),
            Below = Number("below"),
            Above = Number("above"),
        };
        var (inside, outside) = (
            (band.AtLeast ?? band.AtMost) is not null,
            (band.Below ?? band.Above) is not null
        );
        if (inside == outside || band.AtLeast > band.AtMost || band.Below > band.Above)
        {
            problems.Add(
                "band",
                Path,
                Map,
                "A range is at_least, at_most or both, or else below, above or both; the lower one comes first."
            );
        }

        return band;
    }

    /// <summary>A mapping under a key that must be there, or null.</summary>
    public ClaimReading? Child(string key)
    {
        if (Required(key) is not { } node)
        {
            return null;
        }

        return Child($"{Path}/{key}", node);
    }

    /// <summary>The entries of a mapping of mappings; none where the key is not there and need not be.</summary>
    public IEnumerable<(string Name, ClaimReading Reading)> Children(
        string key,
        bool required = true
    )
    {
        if (!required && Map.Find(key) is null || Child(key) is not { } child)
        {
            yield break;
        }

        foreach (var entry in child.Map.Entries)
        {
            if (Child($"{child.Path}/{entry.Key.Text}", entry.Value) is { } reading)
            {
                yield return (entry.Key.Text, reading);
            }
        }
    }

    /// <summary>Texts of a list; empty where the key is not there and need not be.</summary>
    public IReadOnlyList<string> Texts(string key, bool required = true)
    {
        if (!required && Map.Find(key) is null || Required(key) is not { } node)
        {
            return [];
        }

        if (node is not YamlList { Items.Count: > 0 } list)
        {
            problems.Add(
                "type.mismatch",
                $"{Path}/{key}",
                node,
                $"'{key}' is a list, not {node.Kind}."
            );
            return [];
        }

        return
        [
            .. list.Items.Select(
                (item, number) => _scalars.Text($"{Path}/{key}/{number}", item, LongestText) ?? ""
            ),
        ];
    }

    private ClaimReading? Child(string at, YamlNode node)
    {
        if (node is YamlMap { Entries.Count: > 0 } inner)
        {
            return new ClaimReading(at, inner, problems);
        }

        problems.Add("type.mismatch", at, node, $"A mapping is expected here, not {node.Kind}.");
        return null;
    }
}
