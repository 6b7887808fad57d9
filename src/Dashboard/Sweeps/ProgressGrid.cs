using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Dashboard.Sweeps;

/// <summary>A column of the grid.</summary>
/// <param name="Task">Task.</param>
/// <param name="Cell">Varied settings, e.g. <c>10</c> where lag alone is varied; empty where none is.</param>
public sealed record GridColumn(string Task, string Cell);

/// <summary>A row of the grid: a model, with the trials of each column; null where the sweep has no such cell.</summary>
/// <param name="Model">Model.</param>
/// <param name="Cells">A list of trials a column.</param>
public sealed record GridRow(string Model, IReadOnlyList<IReadOnlyList<TrialRow>?> Cells);

/// <summary>Progress as a grid: a row a model, a column a task and setting, a tick a trial.</summary>
/// <param name="Settings">Names of the varied settings, e.g. <c>lag</c>.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Rows">Rows.</param>
public sealed record ProgressGrid(
    string Settings,
    IReadOnlyList<GridColumn> Columns,
    IReadOnlyList<GridRow> Rows
)
{
    private const int MostColumns = 24;

    /// <summary>The grid of a sweep. With very many settings the columns are the tasks alone.</summary>
    public static ProgressGrid Of(IReadOnlyList<TrialRow> trials)
    {
        var cells = SweepCells.Of(trials);
        var names = cells.SelectMany(cell => cell.Varied.Keys).Distinct().ToList();
        var columns = cells.Select(cell => Column(cell, names)).Distinct().ToList();
        if (columns.Count > MostColumns)
        {
            names = [];
            columns = [.. columns.Select(column => column with { Cell = "" }).Distinct()];
        }

        return new(
            string.Join(", ", names),
            columns,
            [
                .. cells
                    .GroupBy(cell => cell.Model)
                    .Select(model => new GridRow(
                        model.Key,
                        [.. columns.Select(column => Trials(model, column, names))]
                    )),
            ]
        );
    }

    private static List<TrialRow>? Trials(
        IEnumerable<SweepCell> model,
        GridColumn column,
        List<string> names
    )
    {
        var found = model
            .Where(cell => Column(cell, names) == column)
            .SelectMany(cell => cell.Trials)
            .ToList();
        return found.Count == 0 ? null : found;
    }

    /// <summary>One varied setting needs no name in each column, several do.</summary>
    private static GridColumn Column(SweepCell cell, List<string> names) =>
        new(
            cell.Task,
            names.Count == 0 ? ""
                : names.Count == 1 ? string.Join(", ", cell.Varied.Values)
                : cell.Text
        );

    /// <summary>How a tick is drawn.</summary>
    public static string Tick(TrialState state) =>
        state switch
        {
            TrialState.Succeeded => "t-done",
            TrialState.Running or TrialState.Leased => "t-now",
            TrialState.Failed or TrialState.Quarantined => "t-bad",
            _ => "t-wait",
        };
}
