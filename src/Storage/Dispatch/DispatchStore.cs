using Harness.Storage.Checkpoints;
using Harness.Storage.Sweeps;
using Npgsql;

namespace Harness.Storage.Dispatch;

/// <summary>Writes what the dispatcher decides: one round trip and one commit a batch, guarded row by row.</summary>
/// <remarks>Every write may be repeated after an unknown outcome: a row that is already changed is not changed again.</remarks>
/// <param name="db">The silo's role.</param>
public sealed class DispatchStore(NpgsqlDataSource db)
{
    /// <summary>Error of a batch whose epoch is over.</summary>
    public const string EpochOver = "HE001";

    private const string RequireEpoch = "select require_epoch($1)";

    /// <summary>Takes over: batches of all activations before are refused from now on.</summary>
    public async Task<long> TakeOverAsync(CancellationToken cancellation)
    {
        var epochs = await db.Statement(
                "update dispatcher set epoch = epoch + 1, acquired_at = clock_timestamp() returning epoch"
            )
            .ListAsync(row => row.GetInt64(0), cancellation);
        return epochs[0];
    }

    /// <summary>Notes that this activation can write from now on: no lease is to expire for the length of one.</summary>
    public async Task BeginPeriodAsync(
        long epoch,
        double leaseSeconds,
        CancellationToken cancellation
    )
    {
        await using var period = db.Statement(
            "insert into writable_period (epoch, lease_seconds) select epoch, $2 from dispatcher where epoch = $1",
            epoch,
            leaseSeconds
        );
        await period.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Writes a batch; throws a <see cref="PostgresException"/> with <see cref="EpochOver"/> when it may not.</summary>
    public async Task<FlushResult> WriteAsync(Flush flush, CancellationToken cancellation)
    {
        var completions = new CompletionColumns(flush.Completions);
        await using var batch = db.CreateBatch();
        batch.Add(RequireEpoch, flush.Epoch);
        AddSigns(batch, flush);
        AddCompletions(batch, flush, completions);
        AddGrants(batch, flush);
        AddConsequences(
            batch,
            completions.Trials,
            [.. completions.Trials, .. flush.Grants.Select(grant => grant.Trial)],
            [.. flush.Heartbeats.Select(beat => beat.Token)],
            [.. flush.Open]
        );

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var result = new FlushResult(
            flush.Heartbeats.Count == 0 ? [] : await reader.RowsAsync(Rows.Beat, cancellation),
            flush.Completions.Count == 0 ? [] : await reader.RowsAsync(Rows.Settled, cancellation),
            flush.Completions.Count == 0
                ? []
                : await reader.RowsAsync(row => row.GetInt64(0), cancellation),
            flush.Grants.Count == 0 ? [] : await reader.RowsAsync(Rows.Leased, cancellation),
            completions.Trials.Length == 0 ? [] : await reader.RowsAsync(Rows.Ended, cancellation)
        );
        while (await reader.NextResultAsync(cancellation))
        {
            // A statement that failed behind the last rows says so only when it is reached.
        }

        return result;
    }

    /// <summary>Looks at the clocks.</summary>
    /// <param name="epoch">The activation that writes.</param>
    /// <param name="expireAfter">
    /// Seconds without a sign of life after which a worker is lost, and leave to expire leases; null while the database
    /// has not been writable for a whole lease: an outage must burn nothing.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<TickResult> TickAsync(
        long epoch,
        double? expireAfter,
        CancellationToken cancellation
    )
    {
        await using var connection = await db.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var first = new NpgsqlBatch(connection);
        first.Add(RequireEpoch, epoch);
        first.Add(DispatchStatements.Ready);
        if (expireAfter is { } seconds)
        {
            first.Add(DispatchStatements.Expire);
            first.Add(DispatchStatements.LoseWorkers, seconds);
        }

        List<Settled> ready;
        List<Settled> expired = [];
        List<string> lost = [];
        await using (var reader = await first.ExecuteReaderAsync(cancellation))
        {
            await reader.NextResultAsync(cancellation);
            ready = await reader.RowsAsync(Rows.Settled, cancellation);
            if (expireAfter != null)
            {
                expired = await reader.RowsAsync(Rows.Settled, cancellation);
                lost = await reader.RowsAsync(row => row.GetString(0), cancellation);
            }
        }

        var ended = await EndAsync(
            connection,
            [.. ready.Concat(expired).Select(row => row.Trial)],
            cancellation
        );
        await transaction.CommitAsync(cancellation);
        return new TickResult(expired, ready, lost, ended);
    }

    private static async Task<List<EndedSweep>> EndAsync(
        NpgsqlConnection connection,
        long[] trials,
        CancellationToken cancellation
    )
    {
        if (trials.Length == 0)
        {
            return [];
        }

        await using var batch = new NpgsqlBatch(connection);
        AddConsequences(batch, trials, trials, [], []);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = await reader.RowsAsync(Rows.Ended, cancellation);
        await reader.NextResultAsync(cancellation);
        return rows;
    }

    private static void AddSigns(NpgsqlBatch batch, Flush flush)
    {
        if (flush.Workers.Count > 0)
        {
            var signs = flush.Workers.DistinctBy(sign => sign.Worker).ToList();
            batch.Add(
                DispatchStatements.SeeWorkers,
                signs.Select(sign => sign.Worker).ToArray(),
                signs.Select(sign => sign.State).ToArray()
            );
        }

        if (flush.Heartbeats.Count > 0)
        {
            // Of two heartbeats of one attempt the later one counts.
            var beats = flush.Heartbeats.Reverse().DistinctBy(beat => beat.Token).ToList();
            batch.Add(
                DispatchStatements.Renew,
                beats.Select(beat => beat.Token).ToArray(),
                beats.Select(beat => beat.Step).ToArray(),
                beats.Select(beat => beat.Started).ToArray(),
                flush.LeaseSeconds
            );
        }
    }

    private static void AddCompletions(
        NpgsqlBatch batch,
        Flush flush,
        CompletionColumns completions
    )
    {
        if (flush.Completions.Count > 0)
        {
            batch.Add(DispatchStatements.Runtimes, completions.Runtimes);
            batch.Add(DispatchStatements.Settle, [.. completions.Settle, flush.BackOffSeconds]);
            batch.Add(DispatchStatements.Fence, completions.Fence);
        }
    }

    private static void AddGrants(NpgsqlBatch batch, Flush flush)
    {
        if (flush.Grants.Count > 0)
        {
            batch.Add(
                DispatchStatements.Lease,
                flush.Grants.Select(grant => grant.Trial).ToArray(),
                flush.Grants.Select(grant => grant.Worker).ToArray(),
                flush.Grants.Select(grant => grant.Hardware).ToArray(),
                flush.Epoch,
                flush.LeaseSeconds
            );
        }
    }

    // Sweeps may have ended with their trials; those that watch them are woken, once a commit.
    private static void AddConsequences(
        NpgsqlBatch batch,
        long[] ended,
        long[] touched,
        long[] tokens,
        long[] open
    )
    {
        if (ended.Length > 0)
        {
            batch.Add(SweepStatements.End, Array.Empty<long>(), ended, open);
        }

        if (touched.Length + tokens.Length > 0)
        {
            batch.Add(DispatchStatements.Notify, touched, tokens);
        }
    }

    private static class Rows
    {
        public static Beat Beat(NpgsqlDataReader row) =>
            new(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2), row.GetBoolean(3));

        public static Settled Settled(NpgsqlDataReader row) =>
            new(
                row.GetInt64(0),
                row.IsDBNull(1) ? null : row.GetInt64(1),
                row.GetString(2),
                row.GetString(3)
            );

        public static Leased Leased(NpgsqlDataReader row) =>
            new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.Checkpoint(3));

        public static EndedSweep Ended(NpgsqlDataReader row) =>
            new(row.GetInt64(0), row.GetString(1));
    }
}
