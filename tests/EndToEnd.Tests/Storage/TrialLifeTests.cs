using Harness.Domain.Trials;
using Harness.Storage.Dispatch;
using Npgsql;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>What a trial may go through, in the tables that decide.</summary>
public sealed class TrialLifeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase _db = null!;
    private Control _control = null!;

    public async ValueTask InitializeAsync()
    {
        _db = await postgres.CreateAsync();
        _control = new Control(_db);
        await _control.StartAsync("w1", "w2");
    }

    public async ValueTask DisposeAsync()
    {
        if (_db is not null)
        {
            (await _control.ViolationsAsync()).ShouldBeEmpty();
            await _db.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_trial_is_leased_started_and_completed_and_its_sweep_with_it()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("life", [SomeTrials.Trial(1)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        (await _control.SweepStateAsync(sweep)).ShouldBe("running");
        (await _control.BeatAsync(trials[0], token))
            .Beats.ShouldHaveSingleItem()
            .Begun.ShouldBeTrue();
        (await _control.StateAsync(trials[0])).ShouldBe("running");

        var done = await _control.CompleteAsync(SomeTrials.Completed(trials[0], token));

        done.Ended.ShouldBe([new EndedSweep(sweep, "completed")]);
        (await _control.StateAsync(trials[0])).ShouldBe("succeeded");
        (await _control.AttemptStateAsync(token)).ShouldBe("completed");
        (await _control.EventsAsync(trials[0])).ShouldBe([
            "submitted",
            "leased",
            "started",
            "completed",
        ]);
        (
            await _db.ScalarAsync<double>(
                "select loss from v1_trials where trial_id = $1",
                trials[0]
            )
        ).ShouldBe(double.NaN);
    }

    [Fact]
    public async Task A_trial_that_is_leased_is_not_leased_again()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("once", [SomeTrials.Trial(2)])
        );

        (await _control.LeaseAsync(trials[0], "w1")).ShouldNotBeNull();
        (await _control.LeaseAsync(trials[0], "w2")).ShouldBeNull();
    }

    [Fact]
    public async Task A_completion_that_comes_twice_counts_once()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("twice", [SomeTrials.Trial(3)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        var completion = SomeTrials.Completed(trials[0], token);

        (await _control.CompleteAsync(completion, completion)).Settled.Count.ShouldBe(1);
        (await _control.CompleteAsync(completion)).Settled.ShouldBeEmpty();

        (await _db.ScalarAsync<long>("select count(*) from result")).ShouldBe(1);
        (await _control.AttemptStateAsync(token)).ShouldBe("completed");
    }

    [Fact]
    public async Task An_expired_lease_passes_on_and_the_late_result_stays_an_observation()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("late", [SomeTrials.Trial(4)])
        );
        var first = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        (await _control.ExpireAllAsync()).Expired.ShouldHaveSingleItem().To.ShouldBe("pending");
        var second = (await _control.LeaseAsync(trials[0], "w2"))!.Value;
        second.ShouldBeGreaterThan(first);

        var late = await _control.CompleteAsync(SomeTrials.Completed(trials[0], first, 0.1));

        late.Settled.ShouldBeEmpty();
        late.Fenced.ShouldBe([first]);
        (await _control.StateAsync(trials[0])).ShouldBe("leased");
        (await _control.AttemptStateAsync(first)).ShouldBe("fenced");
        await _control.CompleteAsync(SomeTrials.Completed(trials[0], second, 0.9));
        (
            await _db.ScalarAsync<double>(
                "select accuracy from v1_trials where trial_id = $1",
                trials[0]
            )
        ).ShouldBe(0.9);
        (await _control.EventsAsync(trials[0])).ShouldBe([
            "submitted",
            "leased",
            "expired",
            "leased",
            "fenced",
            "completed",
        ]);
    }

    [Fact]
    public async Task A_late_result_is_accepted_while_nobody_else_has_the_trial()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("still", [SomeTrials.Trial(5)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.ExpireAllAsync();

        await _control.CompleteAsync(SomeTrials.Completed(trials[0], token));

        (await _control.StateAsync(trials[0])).ShouldBe("succeeded");
        (await _control.AttemptStateAsync(token)).ShouldBe("completed");
    }

    [Fact]
    public async Task A_heartbeat_of_a_lost_attempt_renews_nothing()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("beat", [SomeTrials.Trial(6)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.ExpireAllAsync();

        (await _control.BeatAsync(trials[0], token)).Beats.ShouldBeEmpty();
        (await _control.StateAsync(trials[0])).ShouldBe("pending");
    }

    [Fact]
    public async Task A_heartbeat_renews_the_lease_and_never_takes_the_step_back()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("renew", [SomeTrials.Trial(7)])
        );
        _control.LeaseSeconds = 5;
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        _control.LeaseSeconds = 500;
        await _control.BeatAsync(trials[0], token, 40);
        await _control.BeatAsync(trials[0], token, 30);

        (
            await _db.ScalarAsync<bool>(
                "select lease_until > clock_timestamp() + interval '400 seconds' and step = 40 from attempt where token = $1",
                token
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task A_trial_whose_process_crashes_each_time_is_quarantined_with_its_reason()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("poison", [SomeTrials.Trial(8), SomeTrials.Trial(9)], maxCrashes: 3)
        );
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
            await _control.CompleteAsync(SomeTrials.Failed(trials[0], token, FailureKind.Crash));
            await _control.TickAsync();
            (await _control.StateAsync(trials[0])).ShouldBe(
                attempt < 3 ? "pending" : "quarantined"
            );
        }

        (
            await _db.ScalarAsync<string>("select reason from trial where id = $1", trials[0])
        ).ShouldBe("It ended by Crash.");
        (await _control.SweepStateAsync(sweep)).ShouldBe("running");
        var other = (await _control.LeaseAsync(trials[1], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Completed(trials[1], other));
        (await _control.SweepStateAsync(sweep)).ShouldBe("completed_with_failures");
    }

    [Fact]
    public async Task Expired_leases_count_as_crashes()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("expiring", [SomeTrials.Trial(10)], maxCrashes: 2)
        );
        await _control.LeaseAsync(trials[0], "w1");
        await _control.ExpireAllAsync();
        await _control.LeaseAsync(trials[0], "w1");
        await _control.ExpireAllAsync();

        (await _control.StateAsync(trials[0])).ShouldBe("quarantined");
    }

    [Fact]
    public async Task A_failed_job_is_tried_again_as_often_as_the_sweep_allows()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("job", [SomeTrials.Trial(11)], maxRetries: 1)
        );
        var first = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Failed(trials[0], first, FailureKind.Job));
        (await _control.StateAsync(trials[0])).ShouldBe("retry_wait");
        (await _control.TickAsync()).Ready.ShouldHaveSingleItem();
        var second = (await _control.LeaseAsync(trials[0], "w1"))!.Value;

        await _control.CompleteAsync(SomeTrials.Failed(trials[0], second, FailureKind.Job));

        (await _control.StateAsync(trials[0])).ShouldBe("failed");
        (await _control.EventsAsync(trials[0])).ShouldBe([
            "submitted",
            "leased",
            "failed",
            "ready",
            "leased",
            "failed",
        ]);
    }

    [Fact]
    public async Task A_back_off_holds_a_trial_until_its_time()
    {
        _control.BackOffSeconds = 600;
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("back-off", [SomeTrials.Trial(12)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Failed(trials[0], token, FailureKind.Start));

        (await _control.TickAsync()).Ready.ShouldBeEmpty();
        (await _control.LeaseAsync(trials[0], "w1")).ShouldBeNull();
        // Bounded: a minute at most.
        (
            await _db.ScalarAsync<bool>(
                "select not_before < clock_timestamp() + interval '61 seconds' from trial where id = $1",
                trials[0]
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task A_drained_attempt_costs_the_trial_nothing()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("drain", [SomeTrials.Trial(13)], maxCrashes: 1)
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;

        await _control.CompleteAsync(SomeTrials.Ended(trials[0], token, AttemptState.Drained));

        (await _control.StateAsync(trials[0])).ShouldBe("pending");
        (
            await _db.ScalarAsync<int>(
                "select crashes + failures from trial where id = $1",
                trials[0]
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_of_an_older_dispatcher_writes_nothing()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("epoch", [SomeTrials.Trial(14)])
        );
        var newer = new Control(_db);
        await newer.StartAsync();

        var refused = await Should.ThrowAsync<PostgresException>(() =>
            _control.LeaseAsync(trials[0], "w1")
        );

        refused.SqlState.ShouldBe(DispatchStore.EpochOver);
        (await newer.StateAsync(trials[0])).ShouldBe("pending");
        (await newer.LeaseAsync(trials[0], "w1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Two_late_results_of_one_trial_are_both_kept_as_observations()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("two-late", [SomeTrials.Trial(15)])
        );
        var first = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.ExpireAllAsync();
        var second = (await _control.LeaseAsync(trials[0], "w2"))!.Value;
        await _control.ExpireAllAsync();
        await _control.LeaseAsync(trials[0], "w1");

        var late = await _control.CompleteAsync(
            SomeTrials.Completed(trials[0], first),
            SomeTrials.Completed(trials[0], second)
        );

        late.Fenced.ShouldBe([first, second], ignoreOrder: true);
        (await _control.EventsAsync(trials[0])).Count(kind => kind == "fenced").ShouldBe(2);
    }
}
