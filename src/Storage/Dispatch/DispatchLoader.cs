using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Storage.Checkpoints;
using Npgsql;

namespace Harness.Storage.Dispatch;

/// <summary>Reads what the dispatcher keeps in memory.</summary>
/// <param name="db">The silo's role.</param>
public sealed class DispatchLoader(NpgsqlDataSource db)
{
    /// <summary>Workers, live attempts and live sweeps, of one moment.</summary>
    public async Task<DispatchState> LoadAsync(CancellationToken cancellation)
    {
        await using var batch = db.CreateBatch();
        batch.Add(
            """
            select w.id, w.host, w.hardware, h.facts, w.slots, w.cores, w.memory_bytes, w.data
            from worker w
            join hardware h on h.id = w.hardware
            where w.state <> 'left' and w.seen_at > clock_timestamp() - interval '1 day'
            """
        );
        batch.Add(
            """
            select
                a.token, a.trial, a.number, a.worker, a.state = 'started' as started, t.spec,
                array(
                    select w.sweep from sweep_trial w
                    join sweep s on s.id = w.sweep
                    where w.trial = t.id and not w.cancelled and s.state in ('queued', 'running')) as sweeps,
                c.step, c.hash, c.bytes
            from attempt a
            join trial t on t.id = a.trial
            left join checkpoint c on c.trial = a.trial and c.token = a.parent and c.step = a.resumed_step
            where a.state in ('leased', 'started')
            """
        );
        batch.Add(LiveSweeps);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return new DispatchState(
            await reader.RowsAsync(Worker, cancellation),
            await reader.RowsAsync(Attempt, cancellation),
            await reader.RowsAsync(Sweep, cancellation)
        );
    }

    /// <summary>A live sweep, or null.</summary>
    public async Task<LiveSweep?> SweepAsync(long sweep, CancellationToken cancellation)
    {
        var sweeps = await db.Statement($"{LiveSweeps} and id = $1", sweep)
            .ListAsync(Sweep, cancellation);
        return sweeps.FirstOrDefault();
    }

    /// <summary>All live sweeps.</summary>
    public async Task<IReadOnlyList<LiveSweep>> SweepsAsync(CancellationToken cancellation) =>
        await db.Statement(LiveSweeps).ListAsync(Sweep, cancellation);

    /// <summary>Live attempts whose trial no sweep lets run: it was cancelled, or paused.</summary>
    public async Task<IReadOnlyList<long>> UnwantedAsync(CancellationToken cancellation) =>
        await db.Statement(
                "select token from attempt where state in ('leased', 'started') and not trial_may_run(trial)"
            )
            .ListAsync(row => row.GetInt64(0), cancellation);

    /// <summary>The waiting trials of a part of a sweep, in its order.</summary>
    /// <remarks>
    /// A part by its places: "the first 2,000 that wait" lets the planner sort a million, as long as it has not counted
    /// a new table.
    /// </remarks>
    public async Task<IReadOnlyList<WaitingTrial>> WaitingAsync(
        long sweep,
        int first,
        int last,
        CancellationToken cancellation
    ) =>
        await db.Statement(
                $"""
                {Waiting}
                    and w.sweep = $1 and w.position between $2 and $3
                order by w.position
                """,
                sweep,
                first,
                last
            )
            .ListAsync(ReadWaiting, cancellation);

    /// <summary>Those of these trials that wait, once for each live sweep that wants them.</summary>
    public async Task<IReadOnlyList<WaitingTrial>> WaitingAsync(
        IReadOnlyCollection<long> trials,
        CancellationToken cancellation
    ) =>
        await db.Statement($"{Waiting} and w.trial = any ($1)", trials.ToArray())
            .ListAsync(ReadWaiting, cancellation);

    private const string LiveSweeps =
        "select id, priority, max_concurrent_trials, trial_count, trace_parent from sweep where state in ('queued', 'running')";

    private const string Waiting = """
        select w.sweep, w.position, t.id, t.spec, t.created_at
        from sweep_trial w
        join sweep s on s.id = w.sweep and s.state in ('queued', 'running')
        join trial t on t.id = w.trial and t.state = 'pending'
        where not w.cancelled and not w.skipped
        """;

    private static WaitingTrial ReadWaiting(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetInt32(1),
            row.GetInt64(2),
            Spec(row.GetString(3)),
            row.GetFieldValue<DateTimeOffset>(4)
        );

    private static KnownWorker Worker(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Host = row.GetString(1),
            Hardware = row.GetString(2),
            HardwareFacts = Texts(row.GetString(3)),
            Slots = row.GetInt32(4),
            Cores = row.GetInt32(5),
            MemoryBytes = row.GetInt64(6),
            Data = Texts(row.GetString(7)),
        };

    private static LiveAttempt Attempt(NpgsqlDataReader row) =>
        new()
        {
            Token = row.GetInt64(0),
            Trial = row.GetInt64(1),
            Number = row.GetInt32(2),
            Worker = row.GetString(3),
            Started = row.GetBoolean(4),
            Spec = Spec(row.GetString(5)),
            Sweeps = row.GetFieldValue<long[]>(6),
            Resume = row.Checkpoint(7),
        };

    private static LiveSweep Sweep(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetInt32(1),
            row.GetInt32(2),
            row.GetInt32(3),
            row.IsDBNull(4) ? null : row.GetString(4)
        );

    private static TrialSpec Spec(string json) =>
        JsonSerializer.Deserialize(json, DomainJson.Default.TrialSpec)!;

    private static SortedDictionary<string, string> Texts(string json) =>
        JsonSerializer.Deserialize(json, DomainJson.Default.SortedDictionaryStringString)!;
}
