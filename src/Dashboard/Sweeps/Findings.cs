using Harness.Dashboard.Charts;

namespace Harness.Dashboard.Sweeps;

/// <summary>What a chart shows, in words, for readers who do not see it.</summary>
public static class Findings
{
    /// <summary>The medians at the end of the axis, highest first.</summary>
    public static string OfLines(
        string what,
        string axis,
        IReadOnlyList<LineSeries> series,
        Func<double, string> place,
        Func<double, string> value
    )
    {
        if (series.Count == 0)
        {
            return $"{what} by {axis}: nothing measured yet";
        }

        var last = series.Max(one => one.Median[^1].X);
        var ends = series
            .Where(one => one.Median[^1].X == last)
            .OrderByDescending(one => one.Median[^1].Y)
            .Select(one => $"{one.Name} {value(one.Median[^1].Y)}");
        return $"{what} by {axis}: at {place(last)} {string.Join(", ", ends)}";
    }

    /// <summary>The medians of all rows, highest first.</summary>
    public static string OfDots(
        string what,
        IReadOnlyList<DotGroup> groups,
        Func<double, string> value
    ) =>
        what
        + ", medians: "
        + string.Join(
            "; ",
            groups.Select(group =>
                (group.Name.Length > 0 ? group.Name + " " : "")
                + string.Join(
                    ", ",
                    group
                        .Rows.Where(row => row.Median is not null)
                        .OrderByDescending(row => row.Median)
                        .Select(row => $"{row.Name} {value(row.Median!.Value)}")
                )
            )
        );
}
