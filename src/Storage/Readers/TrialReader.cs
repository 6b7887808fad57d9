using Harness.Domain.Api;
using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>Reads trials from the public views.</summary>
/// <param name="db">Any role.</param>
public sealed class TrialReader(NpgsqlDataSource db)
{
    private const string Match = """
        where ($1::bigint is null or sweep_id = $1) and ($2::text is null or state = $2)
            and ($3::text is null or model = $3) and ($4::text is null or task = $4)
        """;

    private readonly CurveReader _curves = new(db);
    private readonly RetriedReader _retried = new(db);

    /// <summary>A page: newest sweep first, and in it the order in which it wants its trials to run.</summary>
    public async Task<Page<TrialRow>> ListAsync(TrialQuery query, CancellationToken cancellation)
    {
        var take = Cursor.Limit(query.Limit);
        var after = Cursor.Parse(query.After, 2);
        var rows = await db.Statement(
                $"""
                select {TrialRows.Columns}, sweep_id, position from v1_trials {Match}
                    and ($5::bigint is null or sweep_id < $5 or (sweep_id = $5 and position > $6::bigint))
                order by sweep_id desc, position
                limit $7
                """,
                query.Sweep,
                query.State,
                query.Model,
                query.Task,
                after?[0],
                after?[1],
                take + 1
            )
            .ListAsync(
                row =>
                    (
                        Sweep: row.Get<long>("sweep_id"),
                        Position: row.Get<int>("position"),
                        Trial: TrialRows.Read(row)
                    ),
                cancellation
            );
        var total = await db.Statement(
                $"select count(*) from v1_trials {Match}",
                query.Sweep,
                query.State,
                query.Model,
                query.Task
            )
            .ListAsync(row => row.GetInt64(0), cancellation);
        var items = rows.Take(take).ToList();
        return new Page<TrialRow>(
            [.. items.Select(row => row.Trial)],
            rows.Count > take ? Cursor.Of(items[^1].Sweep, items[^1].Position) : null,
            total[0]
        );
    }

    /// <summary>One with its history and curves, or null.</summary>
    /// <remarks>A trial that sweeps share is shown in the newest of them.</remarks>
    public async Task<TrialDetail?> FindAsync(long id, CancellationToken cancellation)
    {
        var rows = await db.Statement(
                $"select {TrialRows.Columns} from v1_trials where trial_id = $1 order by sweep_id desc limit 1",
                id
            )
            .ListAsync(TrialRows.Read, cancellation);
        // No sweep holds a failed trial that was tried again, but its history stays.
        return (rows.FirstOrDefault() ?? await _retried.FindAsync(id, cancellation)) is not { } row
            ? null
            : new TrialDetail
            {
                Row = row,
                Events = await EventsAsync(id, cancellation),
                Curves = await _curves.OfTrialAsync(id, cancellation),
                Again = await _retried.AgainAsync(id, cancellation),
                Retries = await _retried.BeforeAsync(id, cancellation),
            };
    }

    /// <summary>All trials of a sweep, in its order.</summary>
    public IAsyncEnumerable<TrialRow> AllAsync(long sweep, CancellationToken cancellation) =>
        db.Statement(
                $"select {TrialRows.Columns} from v1_trials where sweep_id = $1 order by position",
                sweep
            )
            .StreamAsync(TrialRows.Read, cancellation);

    /// <summary>The history of a trial.</summary>
    public async Task<IReadOnlyList<EventRow>> EventsAsync(
        long id,
        CancellationToken cancellation
    ) =>
        await db.Statement(
                "select sequence, at, kind, token, worker, detail from v1_events where trial_id = $1 order by sequence",
                id
            )
            .ListAsync(
                row => new EventRow(
                    row.Get<int>("sequence"),
                    row.Get<DateTimeOffset>("at"),
                    row.Get<string>("kind"),
                    row.Nullable<long>("token"),
                    row.Text("worker"),
                    row.Text("detail")
                ),
                cancellation
            );

    /// <summary>Lines that the trial's newest attempt logged.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(long id, CancellationToken cancellation) =>
        await db.Statement("select text from v1_logs where trial_id = $1 order by line", id)
            .ListAsync(row => row.GetString(0), cancellation);

    /// <summary>Accuracy by lag, length or position of every trial of a sweep.</summary>
    public async Task<IReadOnlyList<AccuracyRow>> AccuracyAsync(
        long sweep,
        CancellationToken cancellation
    ) =>
        await db.Statement(
                "select trial, axis, value, accuracy, samples from v1_accuracy where sweep_id = $1 order by position, axis, value",
                sweep
            )
            .ListAsync(
                row => new AccuracyRow(
                    row.Get<string>("trial"),
                    row.Get<string>("axis"),
                    row.Get<double>("value"),
                    row.Get<double>("accuracy"),
                    row.Nullable<long>("samples") ?? 0
                ),
                cancellation
            );

    /// <summary>One metric's curve of every trial of a sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="maxPoints">Points a curve keeps; its extremes are among them.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<IReadOnlyList<SeriesRow>> CurvesAsync(
        long sweep,
        string metric,
        int maxPoints,
        CancellationToken cancellation
    ) => _curves.OfSweepAsync(sweep, metric, maxPoints, cancellation);

    /// <summary>One profile of every trial of a sweep.</summary>
    public Task<IReadOnlyList<SeriesRow>> ProfilesAsync(
        long sweep,
        string name,
        CancellationToken cancellation
    ) => _curves.ProfilesAsync(sweep, name, cancellation);
}
