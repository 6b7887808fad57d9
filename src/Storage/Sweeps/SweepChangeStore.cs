using System.Globalization;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Storage.Readers;
using Npgsql;

namespace Harness.Storage.Sweeps;

/// <summary>Pauses, resumes, retries and adjusts sweeps: each a guarded statement with its event.</summary>
/// <remarks>
/// What decides whether a trial may be leased is written in the dispatcher's own lane, under its epoch: a lease that was
/// on its way while a sweep came to rest would run in a sweep that says it is paused.
/// </remarks>
/// <param name="db">The silo's role.</param>
public sealed class SweepChangeStore(NpgsqlDataSource db)
{
    /// <summary>Trials that one call tries again at most: the lane must not be held up for long.</summary>
    public const int RetriesAtATime = 5_000;

    // What holds a sweep's row for longer is a removal or a cancel of very many trials; leases must not wait for it.
    private const string ShortPatience = "select set_config('lock_timeout', '2s', true)";

    private static readonly SweepState[] MayBeRetried =
    [
        SweepState.Queued,
        SweepState.Running,
        SweepState.Pausing,
        SweepState.Paused,
        SweepState.CompletedWithFailures,
    ];

    /// <summary>No new lease; the sweep comes to rest when nothing runs for it alone any more.</summary>
    public Task<SweepChanged> PauseAsync(
        long epoch,
        long sweep,
        string by,
        CancellationToken cancellation
    ) => ChangeAsync(epoch, sweep, SweepChangeStatements.Pause, $"by {by}", cancellation);

    /// <summary>A paused sweep goes on.</summary>
    public Task<SweepChanged> ResumeAsync(
        long epoch,
        long sweep,
        string by,
        CancellationToken cancellation
    ) => ChangeAsync(epoch, sweep, SweepChangeStatements.Resume, $"by {by}", cancellation);

    /// <summary>Changes priority or limit of a live sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="limits">What changes.</param>
    /// <param name="version">What the caller saw; null: whatever it is.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<SweepChanged> SetAsync(
        long sweep,
        SweepLimits limits,
        int? version,
        string by,
        CancellationToken cancellation
    )
    {
        await using var connection = await db.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (limits.Priority is { } priority)
        {
            // Before the sweep's own row, which the dispatcher must not have to wait for.
            await using var trials = connection.Statement(
                "update sweep_trial set priority = $2 where sweep = $1 and priority <> $2",
                sweep,
                priority
            );
            await trials.ExecuteNonQueryAsync(cancellation);
        }

        var changed = await connection
            .Statement(
                SweepChangeStatements.Set,
                sweep,
                limits.Priority,
                limits.MaxConcurrentTrials,
                version,
                by
            )
            .ListAsync(row => row.GetInt64(0), cancellation);
        if (changed.Count == 0)
        {
            await transaction.RollbackAsync(cancellation);
            var now = await LookAsync(connection, sweep, cancellation);
            return now with
            {
                Refusal =
                    version is { } seen && seen != now.Version
                        ? ChangeRefusal.Version
                        : ChangeRefusal.State,
            };
        }

        await EndAsync(connection, sweep, cancellation);
        var after = await LookAsync(connection, sweep, cancellation);
        await transaction.CommitAsync(cancellation);
        return after;
    }

    /// <summary>A new generation of failed trials: the newest that has not failed, made where there is none.</summary>
    /// <param name="epoch">The activation of the dispatcher that writes.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="states"><c>failed</c>, <c>quarantined</c> or both.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What became of it, and the trials that take the failed ones' places.</returns>
    public async Task<(SweepChanged Changed, IReadOnlyList<long> Trials)> RetryAsync(
        long epoch,
        long sweep,
        IReadOnlyList<TrialState> states,
        string by,
        CancellationToken cancellation
    )
    {
        await using var connection = await db.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await BeginAsync(connection, epoch, cancellation);
            var before = await LookAsync(connection, sweep, cancellation, locks: true);
            if (before.State is not { } state || !MayBeRetried.Contains(state))
            {
                return (before with { Refusal = ChangeRefusal.State }, []);
            }

            // Trials are made by one at a time; the lane does not wait for a long submit.
            var mayMake = await connection
                .Statement("select pg_try_advisory_xact_lock($1)", SweepStore.SubmitLock)
                .ListAsync(row => row.GetBoolean(0), cancellation);
            if (!mayMake[0])
            {
                return (before with { Refusal = ChangeRefusal.Busy }, []);
            }

            var failed = await connection
                .Statement(
                    SweepChangeStatements.Failed,
                    sweep,
                    states.Select(Words.Of).ToArray(),
                    RetriesAtATime
                )
                .ListAsync(
                    row => (Trial: row.GetInt64(0), Identity: row.GetString(1)),
                    cancellation
                );
            if (failed.Count == 0)
            {
                return (before with { Refusal = ChangeRefusal.Nothing }, []);
            }

            var trials = await AgainAsync(connection, sweep, failed, by, cancellation);
            var after = await LookAsync(connection, sweep, cancellation);
            await transaction.CommitAsync(cancellation);
            return (after with { Trials = trials.Count }, trials);
        }
        catch (PostgresException held) when (IsHeld(held))
        {
            return (new SweepChanged { Refusal = ChangeRefusal.Busy }, []);
        }
    }

    private static async Task<List<long>> AgainAsync(
        NpgsqlConnection connection,
        long sweep,
        List<(long Trial, string Identity)> failed,
        string by,
        CancellationToken cancellation
    )
    {
        // Another sweep may run one of them already, and be about to be cancelled: whoever has the row first decides.
        await using (
            var hold = connection.Statement(
                SweepStatements.HoldOpen,
                [failed.Select(row => row.Identity).ToArray()]
            )
        )
        {
            await hold.ExecuteNonQueryAsync(cancellation);
        }

        var trials = await connection
            .Statement(
                SweepChangeStatements.Retry,
                sweep,
                failed.Select(row => row.Trial).ToArray()
            )
            .ListAsync(row => row.GetInt64(0), cancellation);
        await using var wake = connection.Statement(
            SweepChangeStatements.Wake,
            sweep,
            string.Create(CultureInfo.InvariantCulture, $"{trials.Count} trials by {by}")
        );
        await wake.ExecuteNonQueryAsync(cancellation);
        // Every one of them may have succeeded for another sweep meanwhile.
        await EndAsync(connection, sweep, cancellation);
        return trials;
    }

    private async Task<SweepChanged> ChangeAsync(
        long epoch,
        long sweep,
        string statement,
        string detail,
        CancellationToken cancellation
    )
    {
        await using var connection = await db.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await BeginAsync(connection, epoch, cancellation);
            var made = await connection
                .Statement(statement, sweep, detail)
                .ListAsync(row => row.GetInt64(0), cancellation);
            if (made.Count == 0)
            {
                return await LookAsync(connection, sweep, cancellation) with
                {
                    Refusal = ChangeRefusal.State,
                };
            }

            // Nothing may be running for it, or everything have ended while it rested.
            await EndAsync(connection, sweep, cancellation);
            var after = await LookAsync(connection, sweep, cancellation);
            await transaction.CommitAsync(cancellation);
            return after;
        }
        catch (PostgresException held) when (IsHeld(held))
        {
            return new SweepChanged { Refusal = ChangeRefusal.Busy };
        }
    }

    private static async Task BeginAsync(
        NpgsqlConnection connection,
        long epoch,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("select require_epoch($1)", epoch);
        batch.Add(ShortPatience);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<SweepChanged> LookAsync(
        NpgsqlConnection connection,
        long sweep,
        CancellationToken cancellation,
        bool locks = false
    )
    {
        var rows = await connection
            .Statement(
                $"select state, sequence from sweep where id = $1{(locks ? " for update" : "")}",
                sweep
            )
            .ListAsync(
                row => new SweepChanged
                {
                    State = Words.Parse<SweepState>(row.GetString(0)),
                    Version = row.GetInt32(1),
                },
                cancellation
            );
        return rows.FirstOrDefault() ?? new SweepChanged();
    }

    // What has nothing left to do ends, this sweep and those that waited for what it wants now; watchers are woken.
    private static async Task EndAsync(
        NpgsqlConnection connection,
        long sweep,
        CancellationToken cancellation
    )
    {
        var ending = await connection
            .Statement(SweepStatements.Ending)
            .ListAsync(row => row.GetInt64(0), cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            SweepStatements.End,
            ending.Append(sweep).Distinct().ToArray(),
            Array.Empty<long>(),
            Array.Empty<long>()
        );
        batch.Add(
            "select pg_notify($1, $2)",
            ChangeFeed.Channel,
            sweep.ToString(CultureInfo.InvariantCulture)
        );
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static bool IsHeld(PostgresException failure) =>
        failure.SqlState == PostgresErrorCodes.LockNotAvailable;
}
