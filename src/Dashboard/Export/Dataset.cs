namespace Harness.Dashboard.Export;

/// <summary>What can be exported: a public view each.</summary>
/// <param name="Name">Name in the address.</param>
/// <param name="View">View.</param>
/// <param name="Filter">SQL that keeps the rows of sweep <c>$1</c>.</param>
/// <param name="Order">SQL order: the same rows in the same order at each call.</param>
public sealed record Dataset(string Name, string View, string Filter, string Order)
{
    private const string ByTrial =
        "trial_id in (select trial_id from v1_trials where sweep_id = $1)";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Dataset> All { get; } =
    [
        new("trials", "v1_trials", "sweep_id = $1", "sweep_id, position"),
        new("metrics", "v1_metrics", ByTrial, "trial_id, metric, step"),
        new("profiles", "v1_profiles", ByTrial, "trial_id, name, axis, place"),
        new("attempts", "v1_attempts", ByTrial, "trial_id, number"),
        new("verdicts", "v1_verdicts", "$1 = any (sweep_ids)", "run"),
        new("accuracy", "v1_accuracy", "sweep_id = $1", "sweep_id, position, axis, value"),
        new("events", "v1_events", $"(sweep_id = $1 or {ByTrial})", "event_id"),
    ];

    /// <summary>The query, as a note can show it; columns for filters and cursors are left out by the writer.</summary>
    public string Sql(bool isFiltered) =>
        $"select * from {View}{(isFiltered ? $" where {Filter}" : "")} order by {Order}";
}
