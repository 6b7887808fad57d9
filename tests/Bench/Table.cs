using System.Globalization;

namespace Harness.Bench;

/// <summary>What a mark measured: rows of text, and the figure that is held against its goal.</summary>
/// <param name="Columns">Heads.</param>
/// <param name="Rows">Cells.</param>
/// <param name="Met">Whether each goal is met, in words of the mark; empty where nothing is claimed.</param>
internal sealed record Table(
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    IReadOnlyList<Figure> Met
)
{
    /// <summary>As Markdown.</summary>
    /// <param name="isJudged">Whether figures are held against their goals: those of a small run say nothing.</param>
    public string Markdown(bool isJudged) =>
        string.Join(
            '\n',
            [
                Line(Columns),
                Line(Columns.Select(_ => "---")),
                .. Rows.Select(Line),
                .. Met.Where(_ => isJudged).Select(figure => $"\n{figure}"),
            ]
        );

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}

/// <summary>A figure and its goal.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">Measured; null where it could not be.</param>
/// <param name="Goal">The mark.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Least">Whether the goal is the least that is to be reached; else the most.</param>
internal sealed record Figure(
    string Name,
    double? Value,
    double Goal,
    string Unit,
    bool Least = false
)
{
    public bool IsMet => Least ? Value >= Goal : Value <= Goal;

    public override string ToString() =>
        $"{Name}: **{(Value is { } value ? $"{Cell.Of(value)} {Unit}" : "refused")}**, mark {(Least ? "at least" : "at most")} {Cell.Of(Goal)} {Unit}: {(IsMet ? "met" : "not met")}";
}

/// <summary>Numbers as they stand in a table.</summary>
internal static class Cell
{
    /// <summary>Three digits that count.</summary>
    public static string Of(double value) =>
        Math.Abs(value) switch
        {
            >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
            _ => value.ToString("0.000", CultureInfo.InvariantCulture),
        };

    /// <summary>The middle of some, with the least and the greatest.</summary>
    public static string Of(IReadOnlyCollection<double> values) =>
        values.Count == 0 ? "none"
        : values.Count == 1 ? Of(values.First())
        : $"{Of(Median(values))} [{Of(values.Min())}, {Of(values.Max())}]";

    public static double Median(IReadOnlyCollection<double> values) => Quantile(values, 0.5);

    /// <summary>By the nearest rank.</summary>
    public static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
