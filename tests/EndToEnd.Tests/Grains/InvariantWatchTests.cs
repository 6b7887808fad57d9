using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Harness.EndToEnd.Tests.Faults;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>A running silo looks at its own history.</summary>
public sealed class InvariantWatchTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_silo_counts_a_violation_that_comes_up_while_it_runs()
    {
        await using var db = await postgres.CreateAsync();
        await SmallHistory.WriteAsync(db);
        var counted = new ConcurrentQueue<string>();
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "harness.invariant.violations")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<long>(
            (_, _, tags, _) => counted.Enqueue((string)tags[0].Value!)
        );
        meter.Start();
        await using var cluster = await TestCluster.StartAsync(
            db.Silo,
            options => options.InvariantSeconds = 0.1
        );
        var worker = new TestWorker(cluster, "w");
        await worker.JoinAsync();
        await worker.SyncAsync();

        await db.ExecuteAsync("update trial set failures = 7 where id = 5");
        // Told again until a look has seen it: the first look only marks where to begin.
        await Eventually.IsAsync(
            async () =>
            {
                await db.ExecuteAsync(
                    """
                    with noted as (update trial set sequence = sequence + 1 where id = 5 returning id, sequence, state, token)
                    insert into event (trial, sequence, kind, from_state, to_state, token)
                    select id, sequence, 'noted', state, state, token from noted
                    """
                );
                return counted.Contains("R11");
            },
            TimeSpan.FromSeconds(30),
            () => $"R11 is counted; counted: {string.Join(' ', counted)}"
        );
        counted.Distinct().ShouldBe(["R11"]);
    }
}
