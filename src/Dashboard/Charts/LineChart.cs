namespace Harness.Dashboard.Charts;

/// <summary>A point in the chart's own units.</summary>
/// <param name="X">On the horizontal axis.</param>
/// <param name="Y">On the vertical axis.</param>
public readonly record struct ChartPoint(double X, double Y);

/// <summary>One trial's line.</summary>
/// <param name="Trial">Id of the trial, for the tooltip.</param>
/// <param name="Points">Points, rising in x.</param>
public sealed record ChartLine(string Trial, IReadOnlyList<ChartPoint> Points);

/// <summary>Lines of one model: a thin one a seed, a thick one for the median.</summary>
/// <param name="Name">Label at the line's end.</param>
/// <param name="Hue">Class of its hue.</param>
/// <param name="Seeds">A line a trial.</param>
/// <param name="Median">The median over the seeds.</param>
public sealed record LineSeries(
    string Name,
    string Hue,
    IReadOnlyList<ChartLine> Seeds,
    IReadOnlyList<ChartPoint> Median
);

/// <summary>A named horizontal line.</summary>
/// <param name="Name">Label.</param>
/// <param name="Value">Where it stands.</param>
public sealed record ReferenceLine(string Name, double Value);

/// <summary>Lines over a numeric axis, by model.</summary>
public sealed record LineChart
{
    /// <summary>What it shows.</summary>
    public required string Caption { get; init; }

    /// <summary>How: axis, unit, scope.</summary>
    public required string Note { get; init; }

    /// <summary>The finding in words, for readers who do not see it.</summary>
    public required string Finding { get; init; }

    /// <summary>Horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>Vertical axis.</summary>
    public required Axis Y { get; init; }

    /// <summary>One a model.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>Dashed lines, e.g. chance.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>Upper end of the trained range, which is shaded; null where all was trained.</summary>
    public double? TrainedTo { get; init; }

    /// <summary>Values of the horizontal axis in the fold-out table.</summary>
    public required IReadOnlyList<double> Columns { get; init; }

    /// <summary>Name of the horizontal axis, e.g. <c>lag</c>.</summary>
    public required string Axis { get; init; }

    /// <summary>How a value of the vertical axis is written in the table; the axis's own form by default.</summary>
    public Func<double, string>? Cell { get; init; }

    /// <summary>A value of the vertical axis in words.</summary>
    public string Value(double value) => (Cell ?? Y.Format)(value);
}
