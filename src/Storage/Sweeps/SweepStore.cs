using System.Security.Cryptography;
using System.Text;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Storage.Readers;
using Npgsql;

namespace Harness.Storage.Sweeps;

/// <summary>Stores sweeps and ends them.</summary>
/// <param name="db">The silo's role.</param>
public sealed class SweepStore(NpgsqlDataSource db)
{
    /// <summary>Number of the lock that who makes trials holds: any that no other program of this database uses.</summary>
    public const long SubmitLock = 0x737765657073;
    private const int TrialsAStatement = 2_000;

    /// <summary>Stores a sweep with its trials; the same key again is the same sweep.</summary>
    /// <remarks>
    /// A trial exists once: one that is open or has succeeded is shared. One that failed, is quarantined or was cancelled
    /// keeps its history, and this sweep gets a new generation of it.
    /// </remarks>
    public async Task<StoredSweep> SubmitAsync(NewSweep sweep, CancellationToken cancellation)
    {
        await using var connection = await db.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // One submit at a time: two that share trials would else each make them.
        await using (
            var serial = connection.Statement($"select pg_advisory_xact_lock({SubmitLock})")
        )
        {
            await serial.ExecuteNonQueryAsync(cancellation);
        }

        if (await AnsweredAsync(connection, sweep, cancellation) is { } answered)
        {
            return answered;
        }

        var id = await InsertAsync(connection, sweep, cancellation);
        var stored = id is null
            ? await ExistingAsync(connection, sweep, cancellation)
            : new StoredSweep(
                id.Value,
                true,
                sweep.Trials.Count,
                await InsertTrialsAsync(connection, id.Value, sweep, cancellation)
            );
        if (sweep.IdempotencyKey is { } key)
        {
            await using var keep = connection.Statement(
                SweepStatements.KeepKey,
                sweep.SubmittedBy,
                key.Key,
                key.BodyHash,
                stored.Id,
                stored.Created,
                stored.Reused
            );
            await keep.ExecuteNonQueryAsync(cancellation);
        }

        await FinishSubmitAsync(connection, stored.Id, sweep.ClaimRun, cancellation);
        await transaction.CommitAsync(cancellation);
        return stored;
    }

    /// <summary>Ends a sweep: what waits is cancelled unless another live sweep wants it, what runs is to be stopped.</summary>
    public async Task<SweepChanged> CancelAsync(
        long sweep,
        string by,
        CancellationToken cancellation
    )
    {
        await using var batch = db.CreateBatch();
        batch.Add(SweepStatements.BeginCancel, sweep, $"cancelled by {by}");
        batch.Add(
            "update sweep_trial set cancelled = true from trial t, sweep s where sweep_trial.sweep = $1 and s.id = $1 and s.state = 'cancelling' and t.id = sweep_trial.trial and t.ended_at is null and not sweep_trial.cancelled",
            sweep
        );
        batch.Add(SweepStatements.CancelWaiting, sweep);
        batch.Add(SweepStatements.End, new[] { sweep }, Array.Empty<long>(), Array.Empty<long>());
        batch.Add("select state, sequence from sweep where id = $1", sweep);
        batch.Add(
            "select pg_notify($1, $2)",
            ChangeFeed.Channel,
            sweep.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var begun = await reader.RowsAsync(row => row.GetInt64(0), cancellation);
        await reader.RowsAsync(row => row.GetInt64(0), cancellation);
        var after = await reader.RowsAsync(
            row => new SweepChanged
            {
                State = Words.Parse<SweepState>(row.GetString(0)),
                Version = row.GetInt32(1),
                Refusal = begun.Count > 0 ? null : ChangeRefusal.State,
            },
            cancellation
        );
        await reader.NextResultAsync(cancellation);
        return after.FirstOrDefault() ?? new SweepChanged { Refusal = ChangeRefusal.State };
    }

    /// <summary>The number of the sweep with this key, or null.</summary>
    public async Task<long?> FindAsync(string key, CancellationToken cancellation)
    {
        var ids = await db.Statement("select id from sweep where spec_key = $1", key)
            .ListAsync(row => row.GetInt64(0), cancellation);
        return ids.Count == 0 ? null : ids[0];
    }

    /// <summary>What a person should know: trials for which no worker that is here has the room or the data.</summary>
    /// <returns>Empty while there is no worker at all: one may come.</returns>
    public async Task<IReadOnlyList<string>> WarningsAsync(
        long sweep,
        CancellationToken cancellation
    ) =>
        await db.Statement(SweepStatements.Warnings, sweep)
            .ListAsync(row => row.GetString(0), cancellation);

    private static async Task<StoredSweep?> AnsweredAsync(
        NpgsqlConnection connection,
        NewSweep sweep,
        CancellationToken cancellation
    )
    {
        if (sweep.IdempotencyKey is not { } key)
        {
            return null;
        }

        var rows = await connection
            .Statement(SweepStatements.FindKey, sweep.SubmittedBy, key.Key)
            .ListAsync(
                row => new StoredSweep(
                    row.GetInt64(1),
                    row.GetBoolean(2),
                    row.GetInt32(3),
                    row.GetInt32(4)
                )
                {
                    Replayed = row.GetString(0) == key.BodyHash,
                    Conflict = row.GetString(0) == key.BodyHash ? null : row.GetString(0),
                },
                cancellation
            );
        return rows.FirstOrDefault();
    }

    private static async Task<long?> InsertAsync(
        NpgsqlConnection connection,
        NewSweep sweep,
        CancellationToken cancellation
    )
    {
        var ids = await connection
            .Statement(
                SweepStatements.Insert,
                sweep.Key,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sweep.Spec))),
                sweep.Name,
                sweep.Description,
                sweep.Source,
                sweep.Spec,
                sweep.SubmittedBy,
                sweep.Priority,
                sweep.MaxConcurrentTrials,
                sweep.MaxCrashes,
                sweep.MaxRetries,
                sweep.Trials.Count,
                sweep.ClaimRun,
                sweep.TraceParent
            )
            .ListAsync(row => row.GetInt64(0), cancellation);
        return ids.Count == 0 ? null : ids[0];
    }

    private static async Task<StoredSweep> ExistingAsync(
        NpgsqlConnection connection,
        NewSweep sweep,
        CancellationToken cancellation
    )
    {
        var rows = await connection
            .Statement("select id, trial_count from sweep where spec_key = $1", sweep.Key)
            .ListAsync(
                row => new StoredSweep(row.GetInt64(0), false, row.GetInt32(1), row.GetInt32(1)),
                cancellation
            );
        return rows[0];
    }

    private static async Task<int> InsertTrialsAsync(
        NpgsqlConnection connection,
        long id,
        NewSweep sweep,
        CancellationToken cancellation
    )
    {
        var reused = 0;
        Task<TrialColumns> Part(int first) =>
            Task.Run(
                () => new TrialColumns([.. sweep.Trials.Skip(first).Take(TrialsAStatement)]),
                cancellation
            );
        var next = Part(0);
        for (var first = 0; first < sweep.Trials.Count; first += TrialsAStatement)
        {
            var trials = await next;
            // Made while the database stores the one before.
            next = Part(first + TrialsAStatement);
            reused += await AreKnownAsync(connection, trials, cancellation)
                ? await LinkKnownAsync(connection, id, sweep, trials, first, cancellation)
                : await InsertNewAsync(connection, id, sweep, trials, first, cancellation);
        }

        return reused;
    }

    private static async Task<bool> AreKnownAsync(
        NpgsqlConnection connection,
        TrialColumns trials,
        CancellationToken cancellation
    ) =>
        (
            await connection
                .Statement(SweepStatements.Known, [trials.Identities])
                .ListAsync(row => row.GetBoolean(0), cancellation)
        )[0];

    // Nobody else makes trials meanwhile: what is in no table now is this sweep's alone.
    private static async Task<int> InsertNewAsync(
        NpgsqlConnection connection,
        long id,
        NewSweep sweep,
        TrialColumns trials,
        int first,
        CancellationToken cancellation
    )
    {
        await using var insert = connection.Statement(
            SweepStatements.InsertNew,
            [.. trials.Values, sweep.MaxCrashes, sweep.MaxRetries, id, first, sweep.Priority]
        );
        await insert.ExecuteNonQueryAsync(cancellation);
        return 0;
    }

    private static async Task<int> LinkKnownAsync(
        NpgsqlConnection connection,
        long id,
        NewSweep sweep,
        TrialColumns trials,
        int first,
        CancellationToken cancellation
    )
    {
        // An open trial may be about to be cancelled; whoever has the row first decides.
        await using (var hold = connection.Statement(SweepStatements.HoldOpen, [trials.Identities]))
        {
            await hold.ExecuteNonQueryAsync(cancellation);
        }

        var created = await connection
            .Statement(
                SweepStatements.InsertTrials,
                [.. trials.Values, sweep.MaxCrashes, sweep.MaxRetries, sweep.Fresh]
            )
            .ListAsync(row => row.GetInt64(0), cancellation);
        await using var link = connection.Statement(
            SweepStatements.LinkTrials,
            trials.Identities,
            id,
            first,
            sweep.Priority,
            sweep.MaxCrashes,
            sweep.MaxRetries
        );
        await link.ExecuteNonQueryAsync(cancellation);
        return trials.Identities.Length - created.Count;
    }

    private static async Task FinishSubmitAsync(
        NpgsqlConnection connection,
        long sweep,
        long? claimRun,
        CancellationToken cancellation
    )
    {
        var ending = await connection
            .Statement(SweepStatements.Ending)
            .ListAsync(row => row.GetInt64(0), cancellation);
        await using var batch = new NpgsqlBatch(connection);
        if (claimRun is { } run)
        {
            batch.Add(
                "insert into claim_run_sweep (claim_run, sweep) values ($1, $2) on conflict do nothing",
                run,
                sweep
            );
        }

        // All of its trials may have succeeded for other sweeps.
        batch.Add(
            SweepStatements.End,
            new[] { sweep }.Concat(ending).ToArray(),
            Array.Empty<long>(),
            Array.Empty<long>()
        );
        batch.Add(
            "select pg_notify($1, $2)",
            ChangeFeed.Channel,
            sweep.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
