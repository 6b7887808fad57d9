using System.Diagnostics.Metrics;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains;
using Harness.Grains.Sweeps;
using Harness.Storage;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>R9: a database that is away costs time and no attempt.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task R9_an_outage_longer_than_a_lease_burns_nothing_and_work_goes_on_after_it()
    {
        if (PrivatePostgres.FindBinaries() is not { } binaries)
        {
            Assert.SkipWhen(
                Environment.GetEnvironmentVariable("CI") != "true",
                "no PostgreSQL server binaries: install postgresql"
            );
            throw new InvalidOperationException("no PostgreSQL server binaries");
        }

        var counted = 0.0;
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "harness.db.outage.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<double>((_, seconds, _, _) => counted += seconds);
        meter.Start();
        await using var server = await PrivatePostgres.StartAsync(binaries);
        await using var db = new TestDatabase(server.ConnectionString);
        await Migrations.ApplyAsync(
            db.Owner,
            PostgresFixture.Passwords,
            TestContext.Current.CancellationToken
        );
        await using var cluster = await TestCluster.StartAsync(
            db.Silo,
            options => options.LeaseSeconds = 1.5
        );
        var worker = new TestWorker(cluster, "patient");
        await worker.JoinAsync();
        await cluster
            .Grains.GetGrain<ISweepGrain>("outage")
            .SubmitAsync(
                new SweepSubmission
                {
                    Name = "outage",
                    Source = "",
                    Resolved = "{}",
                    SubmittedBy = "test",
                    Trials = [SomeTrials.Trial(1), SomeTrials.Trial(2), SomeTrials.Trial(3)],
                    Priority = 0,
                    MaxConcurrentTrials = 8,
                    MaxCrashes = 1,
                    MaxRetries = 0,
                }
            );
        await worker.SyncAsync();
        await worker.SyncAsync();
        worker.Running.Count.ShouldBe(2);

        await server.StopAsync();
        var refused = 0;
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        for (var n = 0; n < 10; n++)
        {
            await beat.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            refused += await IsRefusedAsync(worker) ? 1 : 0;
        }

        // Three seconds, two leases; the worker trains on and one of its trials ends meanwhile.
        refused.ShouldBe(10);
        var ended = worker.Running[0];
        worker.End(SomeTrials.Completed(ended.TrialId, ended.Token));
        (await IsRefusedAsync(worker)).ShouldBeTrue();
        await server.StartAsync();
        db.Owner.Clear();
        await Eventually.IsAsync(
            async () => !await IsRefusedAsync(worker),
            TimeSpan.FromSeconds(30),
            () => "work goes on"
        );
        await worker.WorkAsync();

        counted.ShouldBeGreaterThan(2, "seconds of the outage");
        var tables = new Control(db);
        worker.Stopped.ShouldBeEmpty();
        (await tables.SweepStateAsync(1)).ShouldBe("completed");
        (await db.ScalarAsync<int>("select max(attempts) + max(crashes) from trial")).ShouldBe(1);
        (await tables.ViolationsAsync()).ShouldBeEmpty();
    }

    private static async Task<bool> IsRefusedAsync(TestWorker worker)
    {
        try
        {
            await worker.SyncAsync();
            return false;
        }
        catch (DatabaseUnavailableException)
        {
            return true;
        }
    }
}
