using Harness.Dashboard.Charts;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Dashboard.Sweeps;

/// <summary>Which trials the table shows.</summary>
/// <param name="Task">Of this task.</param>
/// <param name="Model">Of this model.</param>
/// <param name="State">In this state.</param>
/// <param name="ShowsAll">Whether more than the first hundred are asked for.</param>
public sealed record TableFilter(string? Task, string? Model, string? State, bool ShowsAll)
{
    /// <summary>Whether it leaves out trials by what they are.</summary>
    public bool IsSet => Words.Length > 0;

    /// <summary>What it keeps, in words.</summary>
    public string Words =>
        string.Join(", ", new[] { Task, Model, State }.Where(word => word is not null));
}

/// <summary>A page of a sweep: everything that it shows, ready to be drawn.</summary>
public sealed record SweepView
{
    private const int FirstRows = 100;
    private const int MostRows = 2_000;

    /// <summary>The sweep.</summary>
    public required SweepDetail Sweep { get; init; }

    /// <summary>The grid of ticks.</summary>
    public required ProgressGrid Grid { get; init; }

    /// <summary>Charts of what is measured so far.</summary>
    public required IReadOnlyList<SweepChart> Charts { get; init; }

    /// <summary>What went wrong.</summary>
    public required IReadOnlyList<FailureCause> Causes { get; init; }

    /// <summary>Rows of the table.</summary>
    public required IReadOnlyList<TrialRow> Rows { get; init; }

    /// <summary>How many trials the filter keeps.</summary>
    public required int Kept { get; init; }

    /// <summary>The filter.</summary>
    public required TableFilter Filter { get; init; }

    /// <summary>Names of the settings that the sweep varies: columns of the table.</summary>
    public required IReadOnlyList<string> Varied { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>The page of a sweep.</summary>
    public static SweepView Of(
        SweepDetail sweep,
        IReadOnlyDictionary<string, IReadOnlyList<ChartPoint>> losses,
        TableFilter filter,
        DateTimeOffset readAt
    )
    {
        var kept = sweep
            .Trials.Where(trial =>
                (filter.Task is null || trial.Task == filter.Task)
                && (filter.Model is null || trial.Model == filter.Model)
                && (filter.State is null || Domain.Words.Of(trial.State) == filter.State)
            )
            .OrderBy(trial => Rank(trial.State))
            .ToList();
        return new()
        {
            Sweep = sweep,
            Grid = ProgressGrid.Of(sweep.Trials),
            Charts = SweepChart.All(sweep, losses),
            Causes = FailureCauses.Of(sweep.Trials),
            Rows = [.. kept.Take(filter.ShowsAll ? MostRows : FirstRows)],
            Kept = kept.Count,
            Filter = filter,
            Varied =
            [
                .. SweepCells.Of(sweep.Trials).SelectMany(cell => cell.Varied.Keys).Distinct(),
            ],
            ReadAt = readAt,
        };
    }

    /// <summary>Trials that have ended, for good or ill.</summary>
    public static int Finished(SweepSummary sweep) =>
        Count(sweep, TrialState.Succeeded)
        + Count(sweep, TrialState.Failed)
        + Count(sweep, TrialState.Quarantined);

    /// <summary>Trials in a state.</summary>
    public static int Count(SweepSummary sweep, TrialState state) =>
        sweep.States.GetValueOrDefault(Domain.Words.Of(state));

    /// <summary>What moves or needs a look stands above what is done; then what waits.</summary>
    private static int Rank(TrialState state) =>
        state switch
        {
            TrialState.Running or TrialState.Leased => 0,
            TrialState.Quarantined or TrialState.Failed => 1,
            TrialState.RetryWait => 2,
            TrialState.Succeeded => 3,
            TrialState.Pending => 4,
            _ => 5,
        };
}
