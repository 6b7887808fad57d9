namespace Harness.Dashboard.Charts;

/// <summary>A tick in drawing units.</summary>
/// <param name="At">Place on its axis.</param>
/// <param name="Text">Its name.</param>
public sealed record PlacedTick(double At, string Text);

/// <summary>A label at the end of a line, with the lead line that joins them.</summary>
/// <param name="Text">Label.</param>
/// <param name="Hue">Class of its hue.</param>
/// <param name="Y">Where it stands.</param>
/// <param name="EndY">Where its line ends.</param>
public sealed record PlacedLabel(string Text, string Hue, double Y, double EndY);

/// <summary>A line chart in drawing units, for one width.</summary>
public sealed class LineLayout
{
    private const double Top = 8;
    private const double Bottom = 22;
    private const double LabelGap = 13;
    private const double Lead = 12;

    private readonly LineChart _chart;

    private LineLayout(LineChart chart, double width, double height)
    {
        _chart = chart;
        (Width, Height) = (width, height);
        Left = Math.Max(
            16,
            chart.Y.Ticks.Select(tick => TextWidth.Of(chart.Y.Format(tick))).DefaultIfEmpty(0).Max()
                + 8
        );
        var longest = Names(chart).Select(TextWidth.OfBold).DefaultIfEmpty(0).Max();
        Right = Math.Max(Left + 40, width - longest - Lead - 6);
        Floor = height - Bottom;
        XTicks = PlaceX();
        YTicks = [.. chart.Y.Ticks.Select(tick => new PlacedTick(Y(tick), chart.Y.Format(tick)))];
        Labels = PlaceLabels();
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

    /// <summary>Named places of the horizontal axis.</summary>
    public IReadOnlyList<PlacedTick> XTicks { get; }

    /// <summary>Named places of the vertical axis.</summary>
    public IReadOnlyList<PlacedTick> YTicks { get; }

    /// <summary>Labels at the lines' ends.</summary>
    public IReadOnlyList<PlacedLabel> Labels { get; }

    /// <summary>Where the labels begin.</summary>
    public double LabelLeft => Right + Lead;

    /// <summary>Lays a chart out.</summary>
    public static LineLayout Of(LineChart chart, double width, double height) =>
        new(chart, width, height);

    /// <summary>Place of a value of the horizontal axis.</summary>
    public double X(double value) => Left + _chart.X.Place(value) * (Right - Left);

    /// <summary>Place of a value of the vertical axis.</summary>
    public double Y(double value) => Floor - _chart.Y.Place(value) * (Floor - Top);

    /// <summary>Path of a line; a value that is no number breaks it.</summary>
    public string Path(IReadOnlyList<ChartPoint> points)
    {
        var path = new System.Text.StringBuilder();
        var pen = 'M';
        foreach (var point in points)
        {
            if (!double.IsFinite(point.Y))
            {
                pen = 'M';
                continue;
            }

            path.Append(pen)
                .Append(Draw.Number(X(point.X)))
                .Append(' ')
                .Append(Draw.Number(Y(point.Y)));
            pen = 'L';
        }

        return path.ToString();
    }

    private static IEnumerable<string> Names(LineChart chart) =>
        chart
            .Series.Select(series => series.Name)
            .Concat(chart.References.Select(reference => reference.Name));

    /// <summary>Ends first, then what fits between them.</summary>
    private List<PlacedTick> PlaceX()
    {
        var all = _chart
            .X.Ticks.Select(tick => new PlacedTick(X(tick), _chart.X.Format(tick)))
            .ToList();
        var kept = new List<PlacedTick>();
        foreach (
            var tick in all.Take(1).Concat(all.Skip(1).TakeLast(1)).Concat(all.Skip(1).SkipLast(1))
        )
        {
            var half = TextWidth.Of(tick.Text) / 2 + 5;
            if (
                kept.All(other =>
                    Math.Abs(other.At - tick.At) >= half + TextWidth.Of(other.Text) / 2
                )
            )
            {
                kept.Add(tick);
            }
        }

        return [.. kept.OrderBy(tick => tick.At)];
    }

    private List<PlacedLabel> PlaceLabels()
    {
        var ends = _chart
            .Series.Where(series =>
                series.Name.Length > 0 && series.Median.Any(point => double.IsFinite(point.Y))
            )
            .Select(series =>
                (series.Name, series.Hue, End: Y(series.Median.Last(p => double.IsFinite(p.Y)).Y))
            )
            .Concat(
                _chart.References.Select(reference =>
                    (reference.Name, Hue: "h-idle", End: Y(reference.Value))
                )
            )
            .ToList();
        var places = LabelSpread.Of([.. ends.Select(end => end.End)], LabelGap, Top, Floor);
        return [.. ends.Select((end, i) => new PlacedLabel(end.Name, end.Hue, places[i], end.End))];
    }
}
