using Harness.Domain.Metrics;
using Harness.Domain.Trials;

namespace Harness.Domain.Api;

/// <summary>What a sweep says: per model and task the median over seeds, with the least and the greatest.</summary>
public static class SweepReport
{
    /// <summary>
    /// A row for each cell of the sweep, ordered by task, settings and model. Trials in unequal settings are never
    /// pooled: a setting that the sweep varies makes cells of its own.
    /// </summary>
    public static IReadOnlyList<SweepReportRow> Of(SweepDetail sweep) =>
        [
            .. SweepCells
                .Of(sweep.Trials)
                .Select(cell => Row(cell.Task, cell.Model, cell.Text, cell.Trials)),
        ];

    private static SweepReportRow Row(
        string task,
        string model,
        string cell,
        IReadOnlyList<TrialRow> trials
    )
    {
        var done = trials.Where(trial => trial.State == TrialState.Succeeded).ToList();
        var metrics = new SortedDictionary<string, Spread>(StringComparer.Ordinal);
        foreach (var metric in MetricCatalog.All)
        {
            if (Over(done.Select(trial => TrialMetrics.Value(trial, metric.Name))) is { } spread)
            {
                metrics[metric.Name] = spread;
            }
        }

        return new()
        {
            Task = task,
            Model = model,
            Cell = cell,
            Trials = [.. trials.Select(trial => trial.Trial)],
            Succeeded = done.Count,
            Metrics = metrics,
        };
    }

    /// <summary>Median, least and greatest of what was measured; null where nothing was.</summary>
    public static Spread? Over(IEnumerable<double?> values)
    {
        // NaN (a diverged run's loss) is a result, but has no place in an order: the worst end is not known.
        var sorted = values.OfType<double>().Where(double.IsFinite).Order().ToList();
        var half = sorted.Count / 2;
        return sorted.Count == 0
            ? null
            : new Spread(
                sorted.Count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2,
                sorted[0],
                sorted[^1],
                sorted.Count
            );
    }
}
