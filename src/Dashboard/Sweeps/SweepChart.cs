using Harness.Dashboard.Charts;

namespace Harness.Dashboard.Sweeps;

/// <summary>One chart of a sweep: lines where a numeric axis was measured, else dots.</summary>
/// <param name="Lines">The lines, or null.</param>
/// <param name="Dots">The dots, or null.</param>
public sealed record SweepChart(LineChart? Lines, DotChart? Dots)
{
    /// <summary>A chart of lines.</summary>
    public static SweepChart Of(LineChart lines) => new(lines, null);

    /// <summary>A chart of dots.</summary>
    public static SweepChart Of(DotChart dots) => new(null, dots);

    /// <summary>Says how many lines a chart leaves out; empty where it leaves out none.</summary>
    public static string Cut(int series) =>
        series > SeriesBuilder.MostSeries ? $"; {SeriesBuilder.MostSeries} of {series} lines" : "";

    /// <summary>All charts of a sweep, in the order of the page.</summary>
    public static IReadOnlyList<SweepChart> All(
        Domain.Api.SweepDetail sweep,
        IReadOnlyDictionary<string, IReadOnlyList<ChartPoint>> losses
    ) => [.. AccuracyCharts.Of(sweep), .. CostCharts.Of(sweep), .. LossCharts.Of(sweep, losses)];
}
