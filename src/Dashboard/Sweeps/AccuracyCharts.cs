using Harness.Dashboard.Charts;
using Harness.Domain.Api;
using Harness.Domain.Metrics;
using Harness.Domain.Trials;

namespace Harness.Dashboard.Sweeps;

/// <summary>Accuracy by lag, length or position: a chart a task.</summary>
public static class AccuracyCharts
{
    /// <summary>The charts of a sweep; a task with one measured place only becomes rows of dots.</summary>
    public static IEnumerable<SweepChart> Of(SweepDetail sweep)
    {
        var profiles = sweep
            .Accuracy.GroupBy(row => row.Trial)
            .ToDictionary(rows => rows.Key, rows => rows.ToList());
        return SweepCells
            .Of(sweep.Trials)
            .GroupBy(cell => cell.Task)
            .Select(task => Chart(task.Key, [.. task], profiles))
            .OfType<SweepChart>();
    }

    private static SweepChart? Chart(
        string task,
        IReadOnlyList<SweepCell> cells,
        Dictionary<string, List<AccuracyRow>> profiles
    )
    {
        var trials = cells.SelectMany(cell => cell.Trials).ToList();
        var rows = trials.SelectMany(trial => profiles.GetValueOrDefault(trial.Trial, [])).ToList();
        var chance = SweepReport.Over(trials.Select(trial => trial.Chance))?.Median;
        var places = rows.Select(row => row.Value).Distinct().Order().ToList();
        return places.Count > 1 ? Lines(task, cells, profiles, rows[0].Axis, places, chance)
            : trials.Any(trial => trial.Accuracy is not null) ? Dots(task, cells, chance)
            : null;
    }

    private static SweepChart Lines(
        string task,
        IReadOnlyList<SweepCell> cells,
        Dictionary<string, List<AccuracyRow>> profiles,
        string axis,
        IReadOnlyList<double> places,
        double? chance
    )
    {
        var series = SeriesBuilder.Of(
            cells,
            axis,
            trial =>
                [
                    .. profiles
                        .GetValueOrDefault(trial.Trial, [])
                        .Select(row => new ChartPoint(row.Value, row.Accuracy))
                        .OrderBy(point => point.X),
                ]
        );
        var trained = TrainedTo(cells, axis, places);
        // With a fixed lag shorter ones are as new to the model as longer ones.
        var only = cells
            .SelectMany(cell => cell.Trials)
            .Any(trial =>
                trial.Parameters.TryGetValue("lag_mode", out var mode) && mode.ToString() == "fixed"
            );
        return SweepChart.Of(
            new LineChart
            {
                Caption = $"Accuracy, {task}",
                Note =
                    $"by {axis}"
                    + (
                        trained is not { } to ? ""
                        : only ? $"; trained at {Places.Name(to)} alone"
                        : $"; trained to {Places.Name(to)} (shaded)"
                    )
                    + SweepChart.Cut(series.Count),
                Finding = Findings.OfLines($"Accuracy on {task}", axis, series, Places.Name, Share),
                X = Axis.Measured(places, Places.Name),
                Y = Axis.Share(),
                Series = [.. series.Take(SeriesBuilder.MostSeries)],
                References = chance is { } guess ? [new("chance", guess)] : [],
                TrainedTo = only ? null : trained,
                Columns = places,
                Axis = axis,
                Cell = Share,
            }
        );
    }

    private static SweepChart Dots(string task, IReadOnlyList<SweepCell> cells, double? chance)
    {
        var group = DotRows.Of(cells, "accuracy");
        return SweepChart.Of(
            new DotChart
            {
                Caption = $"Accuracy, {task}",
                Note = chance is { } guess
                    ? $"of scored positions; dashed: chance {Share(guess)}"
                    : "of scored positions",
                Finding = Findings.OfDots($"Accuracy on {task}", [group], Share),
                X = Axis.Share(),
                Groups = [group with { Name = "" }],
                Value = Share,
                Reference = chance is { } value ? new("chance", value) : null,
            }
        );
    }

    /// <summary>Where training ended, when the axis goes on beyond it and every trial trained to the same end.</summary>
    private static double? TrainedTo(
        IReadOnlyList<SweepCell> cells,
        string axis,
        IReadOnlyList<double> places
    )
    {
        var setting = axis == "position" ? "length" : axis;
        var ends = cells
            .SelectMany(cell => cell.Trials)
            .Select(trial =>
                trial.Parameters.TryGetValue(setting, out SettingValue value) && value.IsNumber
                    ? value.Number
                    : double.NaN
            )
            .Distinct()
            .ToList();
        return ends is [var end] && end >= places[0] && end < places[^1] ? end : null;
    }

    private static string Share(double value) => Format.Share(value);
}
