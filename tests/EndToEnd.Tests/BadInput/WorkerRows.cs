using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;
using Harness.EndToEnd.Tests.Workers;
using Harness.Storage.Metrics;

namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>Rows 65 to 67: what comes from workers and trainers.</summary>
internal static class WorkerRows
{
    public static IEnumerable<Row> All =>
        [
            new(65, "a result with a token that is no longer current", StaleResult),
            new(
                66,
                "curves that cannot be",
                Curve(new(new string('a', 10_240), [1], [1], [1]), "a name of 10240 characters"),
                Curve(new("loss", [-1], [1], [1]), "has the step -1"),
                Curve(new("loss", [2, 1], [1, 1], [1, 1]), "step 1 behind step 2"),
                NoNumbers
            ),
            new(
                67,
                "garbage of a trainer",
                Trainer("echo garbage", "broke the protocol"),
                Trainer("points 9223372036854775808 1", "broke the protocol"), // 2^63
                Trainer(
                    "head -c 104857600 /dev/zero | tr '\\0' x",
                    "a line is longer than 1048576 bytes"
                )
            ),
        ];

    // It is fenced: taken note of, and nothing of the trial changes.
    private static async Task StaleResult(Bed bed)
    {
        await using var database = await bed.Postgres.CreateAsync();
        var (control, trial, stale) = await LeasedAsync(database);
        await control.ExpireAllAsync();
        var current = (await control.LeaseAsync(trial, "w2"))!.Value;
        var result = await control.CompleteAsync(SomeTrials.Completed(trial, stale));
        result.Fenced.ShouldNotBeEmpty();
        (await control.AttemptStateAsync(stale)).ShouldBe("fenced");
        (await control.AttemptStateAsync(current)).ShouldBe("leased");
        (await database.ScalarAsync<long>("select count(*) from result")).ShouldBe(0);
    }

    private static Ask Curve(TrainerPoints points, string reason) =>
        async bed =>
        {
            await using var database = await bed.Postgres.CreateAsync();
            var (_, trial, token) = await LeasedAsync(database);
            var reply = await AppendAsync(database, trial, token, points);
            reply.Faults.ShouldNotBeNull().ShouldHaveSingleItem().Reason.ShouldContain(reason);
            (await database.ScalarAsync<long>("select count(*) from metric_chunk")).ShouldBe(0);
        };

    // A loss that diverges is a measurement.
    private static async Task NoNumbers(Bed bed)
    {
        await using var database = await bed.Postgres.CreateAsync();
        var (_, trial, token) = await LeasedAsync(database);
        double[] values = [double.NaN, double.PositiveInfinity];
        var reply = await AppendAsync(
            database,
            trial,
            token,
            new("train_loss", [1, 2], values, [1, 2])
        );
        reply.Refused.ShouldBeEmpty();
        (await database.ListAsync<double>("select value from v1_metrics order by step")).ShouldBe(
            values
        );
    }

    private static Ask Trainer(string body, string reason) =>
        async _ =>
        {
            var scratch = Directory.CreateTempSubdirectory("harness-worker-").FullName;
            var settings = SomeWorker.Settings(
                scratch,
                FakeTrainer.Write(scratch, $"{body}\nhang")
            ) with
            {
                Silence = TimeSpan.FromMinutes(1),
            };
            using (
                var attempt = SomeWorker.Attempt(
                    new Lease(1, 7, 1, SomeTrials.Trial(1), null),
                    settings
                )
            )
            {
                var completion = await attempt.RunAsync();
                completion.State.ShouldBe(AttemptState.Failed);
                completion.Failure.ShouldBe(FailureKind.Protocol);
                completion.Message.ShouldNotBeNull().ShouldContain(reason);
            }

            Directory.Delete(scratch, recursive: true);
        };

    private static async Task<(Control Control, long Trial, long Token)> LeasedAsync(
        TestDatabase database
    )
    {
        var control = new Control(database);
        await control.StartAsync("w1", "w2");
        var (_, trials) = await control.SubmitAsync(SomeTrials.Sweep("bad", [SomeTrials.Trial(1)]));
        return (control, trials[0], (await control.LeaseAsync(trials[0], "w1"))!.Value);
    }

    private static Task<IngestReply> AppendAsync(
        TestDatabase database,
        long trial,
        long token,
        TrainerPoints points
    ) =>
        new MetricStore(database.Silo).AppendAsync(
            new IngestRequest
            {
                WorkerId = "w1",
                Attempts =
                [
                    new AttemptData
                    {
                        TrialId = trial,
                        Token = token,
                        Points = [points],
                        Profiles = [],
                        Log = [],
                    },
                ],
            },
            Control.Cancellation
        );
}
