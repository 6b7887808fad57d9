using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Storage.Sweeps;
using Npgsql;

namespace Harness.Storage.Retention;

/// <summary>Removes sweeps that have ended, with the trials that no other sweep wants.</summary>
/// <param name="db">The silo's role.</param>
public sealed class SweepRemoval(NpgsqlDataSource db)
{
    // A transaction that holds submits up for a moment only, however many trials go.
    private const int TrialsAtATime = 1_000;

    private static readonly SweepState[] Ended =
    [
        SweepState.Cancelled,
        SweepState.Completed,
        SweepState.CompletedWithFailures,
    ];

    /// <summary>Removes a sweep; results of trials that another sweep wants too stay.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="withClaim">Whether the runs of claims that it measures for may go, with all of their sweeps.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Ends it; trials that are left then go with the next collection.</param>
    public async Task<RemovalReply> RemoveAsync(
        long sweep,
        bool withClaim,
        string by,
        CancellationToken cancellation
    )
    {
        var (reply, trials) = await ForgetAsync(sweep, withClaim, by, cancellation);
        return reply.Changed.Done
            ? reply with
            {
                Removed = reply.Removed with
                {
                    Trials = await RemoveTrialsAsync(trials, cancellation),
                },
            }
            : reply;
    }

    /// <summary>Removes those of these trials that have ended and that no sweep holds.</summary>
    public async Task<long> RemoveTrialsAsync(
        IReadOnlyList<long> trials,
        CancellationToken cancellation
    )
    {
        var removed = 0L;
        foreach (var chunk in trials.Chunk(TrialsAtATime))
        {
            await using var connection = await db.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await LockAsync(connection, cancellation);
            removed += (
                await connection
                    .Statement(RemovalStatements.RemoveTrials, chunk)
                    .ListAsync(row => row.GetInt64(0), cancellation)
            ).Count;
            await transaction.CommitAsync(cancellation);
        }

        return removed;
    }

    private async Task<(RemovalReply Reply, List<long> Trials)> ForgetAsync(
        long sweep,
        bool withClaim,
        string by,
        CancellationToken cancellation
    )
    {
        await using var connection = await db.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await LockAsync(connection, cancellation);
        var together = await connection
            .Statement(RemovalStatements.Together, sweep)
            .ListAsync(
                row => (Id: row.GetInt64(0), State: Words.Parse<SweepState>(row.GetString(1))),
                cancellation
            );
        var sweeps = together.Select(row => row.Id).ToArray();
        var runs = await connection
            .Statement(RemovalStatements.Runs, sweeps)
            .ListAsync(row => (Id: row.GetInt64(0), Name: row.GetString(1)), cancellation);
        var removed = new SweepRemoved(
            sweeps.Select(Ids.Sweep).ToArray(),
            runs.Select(run => run.Name).ToArray(),
            0
        );
        if (Refused(sweep, together, runs.Count > 0 && !withClaim) is { } refused)
        {
            return (new RemovalReply(refused, removed), []);
        }

        var trials = await connection
            .Statement(RemovalStatements.Trials, sweeps)
            .ListAsync(row => row.GetInt64(0), cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(RemovalStatements.Tell, sweeps, $"by {by}");
        batch.Add("delete from claim_run_sweep where sweep = any ($1)", sweeps);
        batch.Add("delete from idempotency_key where sweep = any ($1)", sweeps);
        batch.Add("delete from retried_trial where sweep = any ($1)", sweeps);
        batch.Add("delete from sweep_trial where sweep = any ($1)", sweeps);
        batch.Add("delete from sweep where id = any ($1)", sweeps);
        var gone = runs.Select(run => run.Id).ToArray();
        batch.Add("delete from verdict where claim_run = any ($1)", gone);
        batch.Add("delete from claim_run where id = any ($1)", gone);
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (
            new RemovalReply(
                new SweepChanged { State = together.First(row => row.Id == sweep).State },
                removed
            ),
            trials
        );
    }

    private static SweepChanged? Refused(
        long sweep,
        List<(long Id, SweepState State)> together,
        bool needsClaim
    )
    {
        if (together.Count == 0)
        {
            return new SweepChanged { Refusal = ChangeRefusal.State };
        }

        var own = together.First(row => row.Id == sweep);
        var live = Ended.Contains(own.State)
            ? together.FirstOrDefault(row => !Ended.Contains(row.State), own)
            : own;
        return needsClaim && Ended.Contains(own.State)
                ? new SweepChanged { Refusal = ChangeRefusal.Claim, State = own.State }
            : Ended.Contains(live.State) ? null
            : new SweepChanged
            {
                Refusal = ChangeRefusal.State,
                State = live.State,
                Sweep = Ids.Sweep(live.Id),
            };
    }

    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // A submit must not come to share a trial that is about to go.
        await using var serial = connection.Statement(
            "select pg_advisory_xact_lock($1)",
            SweepStore.SubmitLock
        );
        await serial.ExecuteNonQueryAsync(cancellation);
    }
}
