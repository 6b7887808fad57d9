using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Storage.Checkpoints;
using Harness.Storage.Metrics;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>R6 in the tables: an attempt goes on from the newest checkpoint of use, and readers see one curve.</summary>
public sealed class CheckpointTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_next_attempt_goes_on_from_the_newest_checkpoint()
    {
        await using var db = await postgres.CreateAsync();
        var (control, trial) = await StartAsync(db);
        var first = (await control.LeaseAsync(trial, "w1"))!.Value;
        await KeepAsync(db, trial, first, 10, 'a');
        await KeepAsync(db, trial, first, 20, 'b');
        await control.ExpireAllAsync();

        var leased = await GrantAsync(db, control, trial, "w2");

        leased.Resume.ShouldBe(new StoredCheckpoint(20, Hash('b'), 100));
        (
            await db.ScalarAsync<string>(
                "select parent || ' ' || resumed_step from attempt where token = $1",
                leased.Token
            )
        ).ShouldBe($"{first} 20");
        (
            await db.ListAsync<string>(
                "select detail from event where kind = 'leased' and detail is not null"
            )
        ).ShouldBe(["Goes on from step 20 of attempt 1."]);
        (await control.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task On_other_hardware_it_begins_anew()
    {
        await using var db = await postgres.CreateAsync();
        var (control, trial) = await StartAsync(db);
        var first = (await control.LeaseAsync(trial, "w1"))!.Value;
        await KeepAsync(db, trial, first, 10, 'a');
        await control.ExpireAllAsync();
        await db.ExecuteAsync(
            "insert into hardware (id, facts) values ('another', '{}'); update worker set hardware = 'another' where id = 'w2'"
        );

        (await GrantAsync(db, control, trial, "w2")).Resume.ShouldBeNull();
    }

    [Fact]
    public async Task One_that_cannot_be_read_makes_room_for_the_one_before()
    {
        await using var db = await postgres.CreateAsync();
        var (control, trial) = await StartAsync(db);
        var first = (await control.LeaseAsync(trial, "w1"))!.Value;
        await KeepAsync(db, trial, first, 10, 'a');
        await KeepAsync(db, trial, first, 20, 'b');
        await control.ExpireAllAsync();
        var second = (await control.LeaseAsync(trial, "w2"))!.Value;

        await control.CompleteAsync(SomeTrials.Failed(trial, second, FailureKind.Checkpoint));
        await control.TickAsync();
        (await GrantAsync(db, control, trial, "w1")).Resume!.Step.ShouldBe(10);
        (
            await db.ScalarAsync<string>("select unusable from v1_checkpoints where step = 20")
        ).ShouldStartWith("It ended by");
        (await control.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_newest_two_are_kept_and_none_of_a_trial_that_has_ended()
    {
        await using var db = await postgres.CreateAsync();
        var (control, trial) = await StartAsync(db);
        var token = (await control.LeaseAsync(trial, "w1"))!.Value;
        foreach (var (step, hash) in new[] { (10, 'a'), (20, 'b'), (30, 'c') })
        {
            await KeepAsync(db, trial, token, step, hash);
        }

        (await Steps(db)).ShouldBe([20, 30]);
        var store = new CheckpointStore(db.Silo);
        (await store.RemoveEndedAsync(Control.Cancellation)).ShouldBe(0, "it runs");
        await control.CompleteAsync(SomeTrials.Completed(trial, token));
        (await store.RemoveEndedAsync(Control.Cancellation)).ShouldBe(2);
        (await store.HashesAsync(Control.Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_is_told_again_is_there_once_and_a_replaced_attempt_stores_none()
    {
        await using var db = await postgres.CreateAsync();
        var (control, trial) = await StartAsync(db);
        var first = (await control.LeaseAsync(trial, "w1"))!.Value;
        (await KeepAsync(db, trial, first, 10, 'a')).ShouldBeTrue();
        (await KeepAsync(db, trial, first, 10, 'a')).ShouldBeTrue();
        await control.ExpireAllAsync();
        (await KeepAsync(db, trial, first, 20, 'b')).ShouldBeTrue("nobody has leased it since");
        var second = (await control.LeaseAsync(trial, "w2"))!.Value;

        (await KeepAsync(db, trial, first, 30, 'c')).ShouldBeFalse();
        (await Steps(db)).ShouldBe([10, 20]);
        var (current, others) = await new CheckpointStore(db.Silo).LookAsync(
            trial,
            second,
            Hash('a'),
            Control.Cancellation
        );
        (current, others).ShouldBe((true, 100));
    }

    [Fact]
    public async Task Readers_see_one_curve_through_three_attempts()
    {
        await using var db = await postgres.CreateAsync();
        var (control, trial) = await StartAsync(db);
        var first = (await control.LeaseAsync(trial, "w1"))!.Value;
        await AppendAsync(db, trial, first, 0, 8, 1);
        await KeepAsync(db, trial, first, 4, 'a');
        await control.ExpireAllAsync();
        var second = (await control.LeaseAsync(trial, "w2"))!.Value;
        (await Newest(db)).ShouldBe((3, 1));
        await AppendAsync(db, trial, second, 4, 9, 2);
        await KeepAsync(db, trial, second, 7, 'b');
        await control.ExpireAllAsync();
        var third = (await control.LeaseAsync(trial, "w1"))!.Value;

        (await Curve(db)).ShouldBe(["0:1", "1:1", "2:1", "3:1", "4:2", "5:2", "6:2"]);
        (await Newest(db)).ShouldBe((6, 2));
        await AppendAsync(db, trial, third, 7, 10, 3);
        (await Curve(db)).ShouldBe([
            "0:1",
            "1:1",
            "2:1",
            "3:1",
            "4:2",
            "5:2",
            "6:2",
            "7:3",
            "8:3",
            "9:3",
        ]);
        (await Newest(db)).ShouldBe((9, 3));
        await control.CompleteAsync(SomeTrials.Completed(trial, third));
        (await control.ViolationsAsync()).ShouldBeEmpty();
        (await db.ScalarAsync<bool>("select cpu_seconds is null from v1_trials")).ShouldBeTrue(
            "the last attempt's time is not the trial's"
        );
    }

    private static async Task<(Control, long Trial)> StartAsync(TestDatabase db)
    {
        var control = new Control(db);
        await control.StartAsync("w1", "w2");
        await control.Dispatch.BeginPeriodAsync(1, 6, Control.Cancellation);
        await db.ExecuteAsync("update writable_period set began_at = began_at - interval '1 hour'");
        var (_, trials) = await control.SubmitAsync(
            SomeTrials.Sweep("kept", [SomeTrials.Trial(1)])
        );
        return (control, trials[0]);
    }

    private static async Task<Harness.Storage.Dispatch.Leased> GrantAsync(
        TestDatabase db,
        Control control,
        long trial,
        string worker
    )
    {
        var hardware = await db.ScalarAsync<string>(
            "select hardware from worker where id = $1",
            worker
        );
        var result = await control.WriteAsync(flush =>
            flush with
            {
                Grants = [new(trial, worker, hardware)],
            }
        );
        return result.Leased.ShouldHaveSingleItem();
    }

    private static Task<bool> KeepAsync(
        TestDatabase db,
        long trial,
        long token,
        int step,
        char hash
    ) =>
        new CheckpointStore(db.Silo).AddAsync(
            trial,
            token,
            step,
            Hash(hash),
            100,
            Control.Cancellation
        );

    private static Task<IngestReply> AppendAsync(
        TestDatabase db,
        long trial,
        long token,
        int from,
        int to,
        double value
    )
    {
        var steps = Enumerable.Range(from, to - from).ToArray();
        var points = new TrainerPoints(
            "train_loss",
            steps,
            [.. steps.Select(_ => value)],
            [.. steps.Select(step => (double)step)]
        );
        return new MetricStore(db.Silo).AppendAsync(
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
                    },
                ],
            },
            Control.Cancellation
        );
    }

    private static string Hash(char digit) => new(digit, 64);

    private static Task<List<int>> Steps(TestDatabase db) =>
        db.ListAsync<int>("select step from v1_checkpoints order by step");

    private static Task<List<string>> Curve(TestDatabase db) =>
        db.ListAsync<string>("select step || ':' || value from v1_metrics order by step");

    private static async Task<(int Step, double Value)> Newest(TestDatabase db) =>
        (
            await db.ScalarAsync<int>("select step from v1_metric_last"),
            await db.ScalarAsync<double>("select value from v1_metric_last")
        );
}
