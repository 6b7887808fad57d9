using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Domain.Trials;

namespace Harness.Domain.Sweeps;

/// <summary>How cells are chosen.</summary>
[JsonConverter(typeof(WordConverter<SweepMethod>))]
public enum SweepMethod
{
    /// <summary>Every combination of the values.</summary>
    Grid,

    /// <summary>A number of cells, each drawn.</summary>
    Random,

    /// <summary>Exactly the cells that are written.</summary>
    List,
}

/// <summary>Values of a parameter, or what to draw them from.</summary>
public sealed record ParameterValues
{
    /// <summary>Values; empty where a distribution stands.</summary>
    public IReadOnlyList<SettingValue> Values { get; init; } = [];

    /// <summary>Where the values of a random cell are drawn from.</summary>
    public Distribution? Distribution { get; init; }
}

/// <summary>Numbers between two bounds.</summary>
/// <param name="Logarithmic">Even on a logarithmic scale.</param>
/// <param name="Integer">Whole numbers only.</param>
/// <param name="Min">Least.</param>
/// <param name="Max">Greatest.</param>
public sealed record Distribution(bool Logarithmic, bool Integer, double Min, double Max)
{
    /// <summary>The value at that share of the way from least to greatest.</summary>
    public SettingValue At(double share)
    {
        var value = Logarithmic ? Min * Math.Pow(Max / Min, share) : Min + (Max - Min) * share;
        // Six figures: a rate that people can read and type again.
        var rounded = double.Parse(
            value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture
        );
        return Integer
            ? SettingValue.Of((long)Math.Round(value))
            : SettingValue.Of(Math.Clamp(rounded, Min, Max));
    }
}

/// <summary>A test of one setting of a cell.</summary>
/// <param name="Name">Setting.</param>
/// <param name="Operator"><c>in</c>, <c>gte</c>, <c>gt</c>, <c>lte</c> or <c>lt</c>.</param>
/// <param name="Values">One value; several for <c>in</c>.</param>
public sealed record Condition(string Name, string Operator, IReadOnlyList<SettingValue> Values)
{
    /// <summary>Whether the cell has the setting and it passes.</summary>
    public bool Holds(IReadOnlyDictionary<string, SettingValue> cell)
    {
        if (!cell.TryGetValue(Name, out var value))
        {
            return false;
        }

        if (Operator == "in")
        {
            return Values.Contains(value);
        }

        if (!value.IsNumber)
        {
            return false;
        }

        var bound = Values[0].Number;
        return Operator switch
        {
            "gte" => value.Number >= bound,
            "gt" => value.Number > bound,
            "lte" => value.Number <= bound,
            _ => value.Number < bound,
        };
    }
}

/// <summary>Settings of some cells.</summary>
/// <param name="When">All must hold.</param>
/// <param name="Set">Values; several expand the matching cells only.</param>
public sealed record CellOverride(
    IReadOnlyList<Condition> When,
    SortedDictionary<string, ParameterValues> Set
);

/// <summary>What a person submitted, resolved and validated.</summary>
public sealed record SweepSpec
{
    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Sentence for people.</summary>
    public string? Description { get; init; }

    /// <summary>Words to find it by.</summary>
    public SortedDictionary<string, string> Labels { get; init; } = new(StringComparer.Ordinal);

    /// <summary>How cells are chosen.</summary>
    public SweepMethod Method { get; init; }

    /// <summary>Number of random cells.</summary>
    public int RandomTrials { get; init; }

    /// <summary>Key of the random cells.</summary>
    public long RandomSeed { get; init; }

    /// <summary>Cells of the list method.</summary>
    public IReadOnlyList<SortedDictionary<string, SettingValue>> ListedTrials { get; init; } = [];

    /// <summary>Parameters by name, model and task among them.</summary>
    public required SortedDictionary<string, ParameterValues> Parameters { get; init; }

    /// <summary>Settings of some cells, applied in order.</summary>
    public IReadOnlyList<CellOverride> Overrides { get; init; } = [];

    /// <summary>Cells that are left out: each entry's conditions must all hold.</summary>
    public IReadOnlyList<IReadOnlyList<Condition>> Excluded { get; init; } = [];

    /// <summary>Seeds, in order.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Metric that the sweep is about.</summary>
    public string Metric { get; init; } = "accuracy";

    /// <summary>Whether more of it is better.</summary>
    public bool Maximize { get; init; } = true;

    /// <summary>Settings that come from other keys than parameters: steps, probes, threads, memory, max_trial_time.</summary>
    public required SortedDictionary<string, SettingValue> Budget { get; init; }

    /// <summary>Trials that may run at a time.</summary>
    public int MaxConcurrentTrials { get; init; } = int.MaxValue;

    /// <summary>Higher first.</summary>
    public int Priority { get; init; }

    /// <summary>Counted infrastructure failures before quarantine.</summary>
    public int MaxCrashes { get; init; } = 5;

    /// <summary>Counted job failures before failed.</summary>
    public int MaxRetries { get; init; }

    /// <summary>The resolved spec as canonical JSON: sorted keys, no spaces.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DomainJson.Default.SweepSpec);

    /// <summary>What <see cref="ToJson"/> wrote.</summary>
    public static SweepSpec Read(string json) =>
        JsonSerializer.Deserialize(json, DomainJson.Default.SweepSpec)!;

    /// <summary>SHA-256 of the resolved spec: 64 hexadecimal digits.</summary>
    public string Hash() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())));
}
