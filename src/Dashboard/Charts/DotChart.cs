namespace Harness.Dashboard.Charts;

/// <summary>One trial's number.</summary>
/// <param name="Trial">Id of the trial.</param>
/// <param name="Value">The number.</param>
public sealed record Dot(string Trial, double Value);

/// <summary>A row of dots: a seed each.</summary>
/// <param name="Name">Model, with what the sweep varies.</param>
/// <param name="Hue">Class of its hue.</param>
/// <param name="Dots">A dot a trial.</param>
/// <param name="Median">Their median; null where nothing was measured.</param>
public sealed record DotRow(string Name, string Hue, IReadOnlyList<Dot> Dots, double? Median);

/// <summary>Rows of one task.</summary>
/// <param name="Name">Heading, empty where the chart has one group.</param>
/// <param name="Rows">Rows.</param>
public sealed record DotGroup(string Name, IReadOnlyList<DotRow> Rows);

/// <summary>A number per model where no numeric axis is varied: a dot a seed, a bar for the median.</summary>
public sealed record DotChart
{
    /// <summary>What it shows.</summary>
    public required string Caption { get; init; }

    /// <summary>How: unit, scope.</summary>
    public required string Note { get; init; }

    /// <summary>The finding in words.</summary>
    public required string Finding { get; init; }

    /// <summary>The axis of the numbers.</summary>
    public required Axis X { get; init; }

    /// <summary>Rows by task.</summary>
    public required IReadOnlyList<DotGroup> Groups { get; init; }

    /// <summary>A number in words.</summary>
    public required Func<double, string> Value { get; init; }

    /// <summary>A dashed line, e.g. chance.</summary>
    public ReferenceLine? Reference { get; init; }
}
