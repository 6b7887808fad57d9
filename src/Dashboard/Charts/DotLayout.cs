namespace Harness.Dashboard.Charts;

/// <summary>A row in drawing units.</summary>
/// <param name="Row">The row.</param>
/// <param name="Y">Its middle.</param>
public sealed record PlacedRow(DotRow Row, double Y);

/// <summary>A heading in drawing units.</summary>
/// <param name="Name">Text.</param>
/// <param name="Y">Its base line.</param>
public sealed record PlacedHeading(string Name, double Y);

/// <summary>A dot chart in drawing units, for one width.</summary>
public sealed class DotLayout
{
    private const double Top = 8;
    private const double Bottom = 22;
    private const double LeastHeight = 220;
    private const double GroupGap = 6;

    private readonly DotChart _chart;

    private DotLayout(DotChart chart, double width)
    {
        _chart = chart;
        Width = width;
        var rows = chart.Groups.SelectMany(group => group.Rows).ToList();
        var headings = chart.Groups.Count(group => group.Name.Length > 0);
        // Few rows spread over the height that the charts beside them have.
        var step = Math.Clamp(
            (LeastHeight - Top - Bottom) / Math.Max(1, rows.Count + headings),
            17,
            42
        );
        Left = rows.Select(row => TextWidth.OfBold(row.Name)).DefaultIfEmpty(0).Max() + 8;
        Right = Math.Max(
            Left + 40,
            width - rows.Select(row => TextWidth.Of(Text(row))).DefaultIfEmpty(0).Max() - 10
        );
        var at = Top;
        var (placed, titles) = (new List<PlacedRow>(), new List<PlacedHeading>());
        foreach (var group in chart.Groups)
        {
            if (group.Name.Length > 0)
            {
                at += placed.Count > 0 ? GroupGap : 0;
                titles.Add(new(group.Name, at + step * 0.65));
                at += step;
            }

            foreach (var row in group.Rows)
            {
                placed.Add(new(row, at + step / 2));
                at += step;
            }
        }

        (Rows, Headings) = (placed, titles);
        Floor = Math.Max(at + 2, LeastHeight - Bottom);
        Height = Floor + Bottom;
        Ticks = FitTicks();
    }

    /// <summary>Width of the drawing.</summary>
    public double Width { get; }

    /// <summary>Height of the drawing.</summary>
    public double Height { get; }

    /// <summary>Left edge of the plot.</summary>
    public double Left { get; }

    /// <summary>Right edge of the plot.</summary>
    public double Right { get; }

    /// <summary>Upper edge of the plot.</summary>
    public double Ceiling => Top;

    /// <summary>Lower edge of the plot.</summary>
    public double Floor { get; }

    /// <summary>Rows.</summary>
    public IReadOnlyList<PlacedRow> Rows { get; }

    /// <summary>Headings of the groups.</summary>
    public IReadOnlyList<PlacedHeading> Headings { get; }

    /// <summary>Named places of the axis.</summary>
    public IReadOnlyList<PlacedTick> Ticks { get; }

    /// <summary>Lays a chart out.</summary>
    public static DotLayout Of(DotChart chart, double width) => new(chart, width);

    /// <summary>Place of a number.</summary>
    public double X(double value) => Left + _chart.X.Place(value) * (Right - Left);

    /// <summary>The number at a row's end.</summary>
    public string Text(DotRow row) =>
        row.Median is { } median ? _chart.Value(median) : Domain.Metrics.Format.Absent;

    private List<PlacedTick> FitTicks()
    {
        var kept = new List<PlacedTick>();
        foreach (var tick in _chart.X.Ticks)
        {
            var placed = new PlacedTick(X(tick), _chart.X.Format(tick));
            var half = TextWidth.Of(placed.Text) / 2;
            if (
                kept.Count == 0
                || placed.At - kept[^1].At >= half + TextWidth.Of(kept[^1].Text) / 2 + 6
            )
            {
                kept.Add(placed);
            }
        }

        return kept;
    }
}
