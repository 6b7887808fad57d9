using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>Reads sweeps from the public views.</summary>
/// <param name="db">Any role.</param>
public sealed class SweepReader(NpgsqlDataSource db)
{
    private const string Columns =
        "sweep, name, state, submitted_by, submitted_at, started_at, ended_at, trial_count, states, running_share, sweep_id, priority, max_concurrent_trials, version";

    private readonly TrialReader _trials = new(db);
    private readonly Forecast _forecast = new(db);

    /// <summary>A page, newest first.</summary>
    /// <param name="after">Cursor of the page before, or null.</param>
    /// <param name="limit">Rows; 500 at most.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Page<SweepSummary>> ListAsync(
        string? after,
        int limit,
        CancellationToken cancellation
    )
    {
        var take = Cursor.Limit(limit);
        var before = Cursor.Parse(after, 1)?[0];
        var rows = await db.Statement(
                $"select {Columns} from v1_sweeps where ($1::bigint is null or sweep_id < $1) order by sweep_id desc limit $2",
                before,
                take + 1
            )
            .ListAsync(row => (Id: row.Get<long>("sweep_id"), Summary: Summary(row)), cancellation);
        var total = await db.Statement("select count(*) from v1_sweep_ids")
            .ListAsync(row => row.GetInt64(0), cancellation);
        var items = rows.Take(take).ToList();
        return new Page<SweepSummary>(
            [.. items.Select(row => row.Summary)],
            rows.Count > take ? Cursor.Of(items[^1].Id) : null,
            total[0]
        );
    }

    /// <summary>One with all its trials, or null.</summary>
    public async Task<SweepDetail?> FindAsync(long id, CancellationToken cancellation)
    {
        var found = await db.Statement(
                $"select {Columns}, description, spec_hash, source from v1_sweeps where sweep_id = $1",
                id
            )
            .ListAsync(
                row =>
                    (
                        Summary: Summary(row),
                        Description: row.Text("description"),
                        Hash: row.Get<string>("spec_hash"),
                        Source: row.Get<string>("source")
                    ),
                cancellation
            );
        if (found.Count == 0)
        {
            return null;
        }

        var trials = new List<TrialRow>();
        await foreach (var trial in _trials.AllAsync(id, cancellation))
        {
            trials.Add(trial);
        }

        var summary = found[0].Summary;
        return new SweepDetail
        {
            Sweep = summary.Sweep,
            Name = summary.Name,
            State = summary.State,
            SubmittedBy = summary.SubmittedBy,
            SubmittedAt = summary.SubmittedAt,
            StartedAt = summary.StartedAt,
            EndedAt = summary.EndedAt,
            TrialCount = summary.TrialCount,
            States = summary.States,
            RunningShare = summary.RunningShare,
            Priority = summary.Priority,
            MaxConcurrentTrials = summary.MaxConcurrentTrials,
            Version = summary.Version,
            EtaSeconds = await EtaAsync(id, summary, cancellation),
            Description = found[0].Description,
            SpecHash = found[0].Hash,
            Source = found[0].Source,
            Trials = trials,
            Accuracy = await _trials.AccuracyAsync(id, cancellation),
        };
    }

    /// <summary>One without its trials, or null.</summary>
    public async Task<SweepSummary?> SummaryAsync(long id, CancellationToken cancellation)
    {
        var found = await db.Statement($"select {Columns} from v1_sweeps where sweep_id = $1", id)
            .ListAsync(Summary, cancellation);
        return found.Count == 0
            ? null
            : found[0] with
            {
                EtaSeconds = await EtaAsync(id, found[0], cancellation),
            };
    }

    /// <summary>The newest sweep, or null where there is none.</summary>
    public async Task<long?> LastIdAsync(CancellationToken cancellation)
    {
        var ids = await db.Statement("select max(sweep_id) as last from v1_sweep_ids")
            .ListAsync(row => row.Nullable<long>("last"), cancellation);
        return ids[0];
    }

    /// <summary>The key of a sweep's grain, or null.</summary>
    public async Task<string?> SpecKeyAsync(long id, CancellationToken cancellation)
    {
        var keys = await db.Statement("select spec_key from v1_sweep_ids where sweep_id = $1", id)
            .ListAsync(row => row.GetString(0), cancellation);
        return keys.FirstOrDefault();
    }

    private async Task<IReadOnlyList<double>?> EtaAsync(
        long id,
        SweepSummary summary,
        CancellationToken cancellation
    ) =>
        summary.State == SweepState.Running
            ? await _forecast.SecondsLeftAsync(id, cancellation)
            : null;

    private static SweepSummary Summary(NpgsqlDataReader row) =>
        new()
        {
            Sweep = row.Get<string>("sweep"),
            Name = row.Get<string>("name"),
            State = Words.Parse<SweepState>(row.Get<string>("state")),
            SubmittedBy = row.Get<string>("submitted_by"),
            SubmittedAt = row.Get<DateTimeOffset>("submitted_at"),
            StartedAt = row.Nullable<DateTimeOffset>("started_at"),
            EndedAt = row.Nullable<DateTimeOffset>("ended_at"),
            TrialCount = row.Get<int>("trial_count"),
            States = JsonSerializer.Deserialize(
                row.Get<string>("states"),
                DomainJson.Default.SortedDictionaryStringInt32
            )!,
            RunningShare = row.Get<double>("running_share"),
            Priority = row.Get<int>("priority"),
            // The table has a number for every sweep; people see a limit only where one was set.
            MaxConcurrentTrials = row.Get<int>("max_concurrent_trials")
                is < int.MaxValue
                    and var most
                ? most
                : null,
            Version = row.Get<int>("version"),
        };
}
