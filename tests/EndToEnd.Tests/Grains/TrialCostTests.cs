using System.Globalization;
using Harness.Domain.Sweeps;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains.Sweeps;
using Harness.Storage;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>
/// What a no-op trial costs, counted by a PostgreSQL that does nothing else: statements, commits and bytes of the
/// write-ahead log. None of them moves with the load of the machine; a bound that is passed is a change of the path.
/// </summary>
public sealed class TrialCostTests
{
    private const int Slots = 64;
    private const int Rounds = 8;

    // Of a call that ends 64 trials and leases 64: whoever needs one more statement must say here why it is worth it.
    private const long StatementsACall = 8;
    private const long CommitsACall = 1;
    private const double LogBytesATrial = 2_750;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_no_op_trial_costs_no_more_statements_commits_and_log_than_is_stated()
    {
        await using var server = await StartAsync();
        await using var db = await MigratedAsync(server);
        // The clocks are not looked at meanwhile, so that every statement is one of a call.
        await using var cluster = await TestCluster.StartAsync(
            db.Silo,
            times => (times.LeaseSeconds, times.TickSeconds) = (3_600, 3_600)
        );
        await cluster
            .Grains.GetGrain<ISweepGrain>("noop")
            .SubmitAsync(Submission((Rounds + 3) * Slots));
        var worker = new TestWorker(cluster, SomeTrials.Worker("w", Slots, Slots));
        await worker.JoinAsync();
        await worker.SyncAsync();
        // The first calls read the queue.
        await RoundAsync(worker);

        var costs = new List<Cost>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = await ReadAsync(db);
            await RoundAsync(worker);
            costs.Add(await ReadAsync(db) - before);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', costs));
        // The least of the rounds: what else a silo asks of its database once in a while only adds.
        costs.Min(cost => cost.Statements).ShouldBe(StatementsACall);
        costs.Min(cost => cost.Commits).ShouldBe(CommitsACall);
        (costs.Min(cost => cost.LogBytes) / Slots).ShouldBeLessThanOrEqualTo(LogBytesATrial);
    }

    private static async Task RoundAsync(TestWorker worker)
    {
        worker.Running.Count.ShouldBe(Slots);
        foreach (var lease in worker.Running.ToList())
        {
            worker.End(SomeTrials.Completed(lease.TrialId, lease.Token));
        }

        await worker.SyncAsync();
    }

    private static async Task<Cost> ReadAsync(TestDatabase db)
    {
        // Without this look itself, and what the client asks when it takes a connection from its pool.
        await using var command = db.Owner.CreateCommand(
            """
            select
                (select sum(calls)::bigint from pg_stat_statements
                    where query !~ 'pg_stat_statements|pg_advisory_unlock_all'),
                pg_current_xact_id()::text::bigint,
                (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::double precision
            """
        );
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        await reader.ReadAsync(Cancellation);
        return new Cost(reader.GetInt64(0), reader.GetInt64(1), reader.GetDouble(2));
    }

    private static SweepSubmission Submission(int trials)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            version: 1
            name: no-ops
            parameters:
              model: {value: rnn}
              task: {value: noop}
              width: {value: 8}
            seeds: {{trials}}
            budget: {steps: 10}
            """
        );
        var spec = SweepFile.Parse(text, []).Spec!;
        return SweepSubmission.Of(spec, text, "test");
    }

    private static async Task<TestDatabase> MigratedAsync(PrivatePostgres server)
    {
        await using (var owner = Database.Open(server.ConnectionString, null))
        {
            await Migrations.ApplyAsync(owner, PostgresFixture.Passwords, Cancellation);
            await using var extension = owner.CreateCommand("create extension pg_stat_statements");
            await extension.ExecuteNonQueryAsync(Cancellation);
        }

        return new TestDatabase(server.ConnectionString);
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        var binaries = PrivatePostgres.FindBinaries();
        var counts =
            binaries is not null
            && File.Exists(Path.Combine(binaries, "..", "lib", "pg_stat_statements.so"));
        if (!counts && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(
                "no PostgreSQL server binaries with pg_stat_statements: install postgresql"
            );
        }

        return await PrivatePostgres.StartAsync(
            binaries!,
            "shared_preload_libraries=pg_stat_statements",
            "pg_stat_statements.track_utility=off",
            // Nothing writes to the log but the calls, and a page is never written whole.
            "autovacuum=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "checkpoint_timeout=1h"
        );
    }

    /// <summary>Counters, and their differences.</summary>
    private readonly record struct Cost(long Statements, long Commits, double LogBytes)
    {
        public static Cost operator -(Cost after, Cost before) =>
            new(
                after.Statements - before.Statements,
                // The look that ended the difference.
                after.Commits
                    - before.Commits
                    - 1,
                after.LogBytes - before.LogBytes
            );
    }
}
