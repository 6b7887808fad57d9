using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;
using Harness.Storage.Checkpoints;
using Harness.Storage.Metrics;

namespace Harness.EndToEnd.Tests.Faults;

/// <summary>A history with an end of each kind, without a fault: what a checker must pass, and what faults are planted in.</summary>
internal static class SmallHistory
{
    /// <summary>
    /// Trials 1 to 6: succeeded at once; succeeded after a lost lease whose late result was refused; quarantined; failed;
    /// running; succeeded by an attempt that went on from step 3 of a lost one. Attempts 1 to 9: the first of trial 2 is
    /// 2, its second 3; the last two are those of trial 6.
    /// </summary>
    public static async Task WriteAsync(TestDatabase db)
    {
        var control = new Control(db);
        await control.StartAsync("w1", "w2");
        await control.Dispatch.BeginPeriodAsync(1, 6, Control.Cancellation);
        // So long ago that leases may expire.
        await db.ExecuteAsync("update writable_period set began_at = began_at - interval '1 hour'");
        var (_, trials) = await control.SubmitAsync(
            SomeTrials.Sweep(
                "small",
                [.. Enumerable.Range(1, 6).Select(seed => SomeTrials.Trial(seed))],
                maxCrashes: 2
            )
        );
        var metrics = new MetricStore(db.Silo);

        var token = await LeaseAsync(0, "w1");
        await MeasureAsync(0, token);
        await control.CompleteAsync(SomeTrials.Completed(trials[0], token));

        var first = await LeaseAsync(1, "w1");
        await MeasureAsync(1, first);
        await control.ExpireAllAsync();
        var second = await LeaseAsync(1, "w2");
        await MeasureAsync(1, second);
        await control.CompleteAsync(SomeTrials.Completed(trials[1], first, 0.1));
        await control.CompleteAsync(SomeTrials.Completed(trials[1], second, 0.9));

        foreach (var _ in new[] { 1, 2 })
        {
            token = await LeaseAsync(2, "w1");
            await control.CompleteAsync(SomeTrials.Failed(trials[2], token, FailureKind.Crash));
            await control.TickAsync();
        }

        token = await LeaseAsync(3, "w1");
        await control.CompleteAsync(SomeTrials.Failed(trials[3], token, FailureKind.Job));
        await LeaseAsync(4, "w2");

        token = await LeaseAsync(5, "w1");
        await MeasureAsync(5, token);
        await new CheckpointStore(db.Silo).AddAsync(
            trials[5],
            token,
            step: 3,
            new string('c', 64),
            bytes: 100,
            Control.Cancellation
        );
        await db.ExecuteAsync(
            "update attempt set lease_until = clock_timestamp() - interval '1 second' where token = $1",
            token
        );
        await control.ExpireDueAsync();
        token = await LeaseAsync(5, "w2");
        await AppendAsync(5, token, new TrainerPoints("train_loss", [3, 4], [1, 0.5], [0.1, 0.2]));
        await control.CompleteAsync(SomeTrials.Completed(trials[5], token));

        async Task<long> LeaseAsync(int trial, string worker)
        {
            var given = (await control.LeaseAsync(trials[trial], worker))!.Value;
            await control.BeatAsync(trials[trial], given);
            return given;
        }

        Task MeasureAsync(int trial, long attempt) =>
            AppendAsync(
                trial,
                attempt,
                new TrainerPoints("train_loss", [1, 2], [2, 1.5], [0.1, 0.2]),
                new TrainerPoints("train_loss", [3, 4], [1, 0.5], [0.3, 0.4])
            );

        Task AppendAsync(int trial, long attempt, params TrainerPoints[] points) =>
            metrics.AppendAsync(
                new IngestRequest
                {
                    WorkerId = "w1",
                    Attempts =
                    [
                        new AttemptData
                        {
                            TrialId = trials[trial],
                            Token = attempt,
                            Points = points,
                            Log = ["a line"],
                        },
                    ],
                },
                Control.Cancellation
            );
    }
}
