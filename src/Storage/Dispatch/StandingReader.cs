using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;
using Npgsql;

namespace Harness.Storage.Dispatch;

/// <summary>Reads where a trial stands.</summary>
/// <param name="db">The silo's role.</param>
public sealed class StandingReader(NpgsqlDataSource db)
{
    private const string Trial = """
        select
            t.state, t.spec, t.reason, extract(epoch from t.not_before - clock_timestamp())::double precision,
            t.attempts, t.crashes, t.max_crashes, w.name, a.step,
            case when a.ended_at is null then extract(epoch from a.lease_until - clock_timestamp())::double precision end
        from trial t
        left join attempt a on a.token = t.token
        left join worker w on w.id = a.worker
        where t.id = $1
        """;

    private const string Sweeps = """
        select s.id, s.state
        from sweep_trial w
        join sweep s on s.id = w.sweep
        where w.trial = $1 and not w.cancelled and not w.skipped
        order by s.priority desc, s.id
        """;

    private const string Workers = """
        select w.id, w.name, w.host, w.state, extract(epoch from clock_timestamp() - w.seen_at)::double precision
        from worker w
        where w.state in ('ready', 'draining') or w.state = 'lost' and w.seen_at > clock_timestamp() - interval '1 hour'
        order by w.state = 'lost', w.name, w.id
        limit 500
        """;

    /// <summary>Where it stands, at one moment; null: there is no such trial.</summary>
    public async Task<Standing?> FindAsync(long trial, CancellationToken cancellation)
    {
        await using var batch = db.CreateBatch();
        batch.Add(Trial, trial);
        batch.Add(Sweeps, trial);
        batch.Add(Workers);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var found = await reader.RowsAsync(Read, cancellation);
        var sweeps = await reader.RowsAsync(
            row => (row.GetInt64(0), row.GetString(1)),
            cancellation
        );
        var workers = await reader.RowsAsync(
            row =>
                (
                    row.GetString(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetString(3),
                    row.GetDouble(4)
                ),
            cancellation
        );
        return found.Count == 0 ? null : found[0] with { Sweeps = sweeps, Workers = workers };
    }

    private static Standing Read(NpgsqlDataReader row) =>
        new()
        {
            State = Words.Parse<TrialState>(row.GetString(0)),
            Spec = JsonSerializer.Deserialize(row.GetString(1), DomainJson.Default.TrialSpec)!,
            Reason = row.IsDBNull(2) ? null : row.GetString(2),
            WaitSeconds = row.IsDBNull(3) ? null : row.GetDouble(3),
            Attempts = row.GetInt32(4),
            Crashes = (row.GetInt32(5), row.GetInt32(6)),
            Worker = row.IsDBNull(7) ? null : row.GetString(7),
            Step = row.IsDBNull(8) ? null : row.GetInt32(8),
            LeaseSeconds = row.IsDBNull(9) ? null : row.GetDouble(9),
            Sweeps = [],
            Workers = [],
        };
}
