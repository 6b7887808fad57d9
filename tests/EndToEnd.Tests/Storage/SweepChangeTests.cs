using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Storage.Readers;
using Harness.Storage.Sweeps;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>Pause, resume, retry and set, in the tables that decide.</summary>
public sealed class SweepChangeTests(PostgresFixture postgres) : IAsyncLifetime
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
    public async Task A_paused_sweep_hands_back_what_runs_and_leases_nothing_more()
    {
        var (sweep, trials) = await SubmitAsync("pause", 1, 2);
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.BeatAsync(trials[0], token);

        (await _control.PauseAsync(sweep)).State.ShouldBe(SweepState.Pausing);

        (await _control.LeaseAsync(trials[1], "w2")).ShouldBeNull();
        (await _control.BeatAsync(trials[0], token))
            .Beats.ShouldHaveSingleItem()
            .Wanted.ShouldBeFalse();
        var stopped = await _control.CompleteAsync(
            SomeTrials.Ended(trials[0], token, AttemptState.Cancelled)
        );
        stopped.Ended.ShouldHaveSingleItem().State.ShouldBe("paused");
        (await _control.StateAsync(trials[0])).ShouldBe("pending");
        (await _control.AttemptStateAsync(token)).ShouldBe("drained");
        (
            await _db.ScalarAsync<int>(
                "select crashes + failures from trial where id = $1",
                trials[0]
            )
        ).ShouldBe(0);
        (await _control.LeaseAsync(trials[0], "w1")).ShouldBeNull();
        (await HistoryAsync(sweep)).ShouldBe(["submitted", "started", "pausing", "paused"]);
    }

    [Fact]
    public async Task A_resumed_sweep_goes_on_where_it_was()
    {
        var (sweep, trials) = await SubmitAsync("resume", 1);
        (await _control.PauseAsync(sweep)).State.ShouldBe(SweepState.Paused);
        (await _control.ResumeAsync(sweep)).State.ShouldBe(SweepState.Queued);
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.PauseAsync(sweep);
        await _control.CompleteAsync(SomeTrials.Ended(trials[0], token, AttemptState.Cancelled));

        (await _control.ResumeAsync(sweep)).State.ShouldBe(SweepState.Running);

        var again = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Completed(trials[0], again));
        (await _control.SweepStateAsync(sweep)).ShouldBe("completed");
    }

    [Fact]
    public async Task A_sweep_that_ended_while_it_came_to_rest_ends_when_it_is_resumed()
    {
        var (sweep, trials) = await SubmitAsync("late", 1);
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.PauseAsync(sweep);
        await _control.CompleteAsync(SomeTrials.Completed(trials[0], token));
        (await _control.SweepStateAsync(sweep)).ShouldBe("paused");

        (await _control.ResumeAsync(sweep)).State.ShouldBe(SweepState.Completed);
    }

    [Fact]
    public async Task A_trial_that_another_live_sweep_wants_runs_on_through_a_pause()
    {
        var (first, trials) = await SubmitAsync("a", 1, 2);
        await SubmitAsync("b", 1);
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;

        (await _control.PauseAsync(first)).State.ShouldBe(SweepState.Paused);

        (await _control.BeatAsync(trials[0], token))
            .Beats.ShouldHaveSingleItem()
            .Wanted.ShouldBeTrue();
        (await _control.LeaseAsync(trials[1], "w2")).ShouldBeNull("only the paused one wants it");
        await _control.CompleteAsync(SomeTrials.Completed(trials[0], token));
    }

    [Fact]
    public async Task A_newer_sweep_that_wants_what_runs_lets_the_pausing_one_come_to_rest()
    {
        var (first, trials) = await SubmitAsync("first", 1);
        await _control.LeaseAsync(trials[0], "w1");
        (await _control.PauseAsync(first)).State.ShouldBe(SweepState.Pausing);

        await SubmitAsync("second", 1);

        (await _control.SweepStateAsync(first)).ShouldBe("paused");
    }

    [Fact]
    public async Task A_paused_sweep_can_be_cancelled()
    {
        var (sweep, trials) = await SubmitAsync("given-up", 1);
        await _control.PauseAsync(sweep);

        await _control.Sweeps.CancelAsync(sweep, "ada", Control.Cancellation);

        (await _control.SweepStateAsync(sweep)).ShouldBe("cancelled");
        (await _control.StateAsync(trials[0])).ShouldBe("cancelled");
        (await _control.ResumeAsync(sweep)).ShouldSatisfyAllConditions(
            refused => refused.Refusal.ShouldBe(ChangeRefusal.State),
            refused => refused.State.ShouldBe(SweepState.Cancelled)
        );
    }

    [Fact]
    public async Task A_retry_takes_failed_trials_up_again_and_keeps_what_they_were()
    {
        var (sweep, trials) = await SubmitAsync("retry", 1, 2, 3);
        await EndAsync(trials[0], FailureKind.Job);
        await EndAsync(trials[1], FailureKind.Crash);
        await EndAsync(trials[2], null);
        (await _control.SweepStateAsync(sweep)).ShouldBe("completed_with_failures");

        var (changed, again) = await _control.RetryAsync(sweep, TrialState.Quarantined);

        changed.State.ShouldBe(SweepState.Running);
        var second = again.ShouldHaveSingleItem();
        (await PlacesAsync(sweep)).ShouldBe([trials[0], second, trials[2]]);
        (await _db.ScalarAsync<int>("select generation from trial where id = $1", second)).ShouldBe(
            2
        );
        var reader = new TrialReader(_db.Read);
        var old = (await reader.FindAsync(trials[1], Control.Cancellation))!;
        old.Again.ShouldBe(Ids.Trial(second));
        old.Row.State.ShouldBe(TrialState.Quarantined);
        old.Events.Select(entry => entry.Kind).ShouldBe(["submitted", "leased", "crashed"]);
        (await reader.FindAsync(second, Control.Cancellation))!.Retries.ShouldBe([
            Ids.Trial(trials[1]),
        ]);

        await EndAsync(second, null);
        (await _control.SweepStateAsync(sweep)).ShouldBe("completed_with_failures");
        var (_, last) = await _control.RetryAsync(sweep, TrialState.Failed, TrialState.Quarantined);
        await EndAsync(last.ShouldHaveSingleItem(), null);
        (await _control.SweepStateAsync(sweep)).ShouldBe("completed");
        (await HistoryAsync(sweep)).ShouldBe([
            "submitted",
            "started",
            "ended",
            "retried",
            "ended",
            "retried",
            "ended",
        ]);
    }

    [Fact]
    public async Task A_retry_shares_what_another_sweep_tried_again_already()
    {
        var (first, trials) = await SubmitAsync("first", 1);
        await EndAsync(trials[0], FailureKind.Job);
        var (_, again) = await SubmitAsync("second", 1);
        await EndAsync(again[0], null);

        var (changed, shared) = await _control.RetryAsync(first, TrialState.Failed);

        shared.ShouldBe(again);
        changed.State.ShouldBe(SweepState.Completed);
    }

    [Fact]
    public async Task A_retry_of_what_did_not_fail_is_refused_with_the_state()
    {
        var (sweep, trials) = await SubmitAsync("fine", 1);
        (await _control.RetryAsync(sweep, TrialState.Failed)).Changed.Refusal.ShouldBe(
            ChangeRefusal.Nothing
        );
        await EndAsync(trials[0], null);

        var (refused, again) = await _control.RetryAsync(sweep, TrialState.Failed);

        refused.Refusal.ShouldBe(ChangeRefusal.State);
        refused.State.ShouldBe(SweepState.Completed);
        again.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_retry_does_not_wait_for_a_submit_that_is_being_stored()
    {
        var (sweep, trials) = await SubmitAsync("busy", 1);
        await EndAsync(trials[0], FailureKind.Job);
        await using var other = await _db.Owner.OpenConnectionAsync(Control.Cancellation);
        await using var submit = await other.BeginTransactionAsync(Control.Cancellation);
        await using var held = other.CreateCommand();
        held.CommandText = $"select pg_advisory_xact_lock({SweepStore.SubmitLock})";
        await held.ExecuteNonQueryAsync(Control.Cancellation);

        (await _control.RetryAsync(sweep, TrialState.Failed)).Changed.Refusal.ShouldBe(
            ChangeRefusal.Busy
        );
    }

    [Fact]
    public async Task A_change_that_did_not_see_the_last_one_is_refused()
    {
        var (sweep, _) = await SubmitAsync("set", 1);
        var limits = new SweepLimits { Priority = 7, MaxConcurrentTrials = 2 };

        var first = await _control.SetAsync(sweep, limits, version: 1);
        var second = await _control.SetAsync(sweep, limits with { Priority = 9 }, version: 1);

        first.Done.ShouldBeTrue();
        second.Refusal.ShouldBe(ChangeRefusal.Version);
        second.Version.ShouldBe(first.Version);
        (
            await _db.ListAsync<string>(
                "select s.priority || ' ' || s.max_concurrent_trials || ' ' || w.priority from sweep s join sweep_trial w on w.sweep = s.id"
            )
        ).ShouldBe(["7 2 7"]);
        (await _db.ScalarAsync<string>("select detail from event where kind = 'set'")).ShouldBe(
            "priority 0 -> 7, max_concurrent_trials 8 -> 2, by test"
        );
    }

    [Fact]
    public async Task A_change_of_an_older_dispatcher_is_refused()
    {
        var (sweep, _) = await SubmitAsync("epoch", 1);
        var old = new Control(_db);
        await old.StartAsync();
        await _control.StartAsync();

        await Should.ThrowAsync<Npgsql.PostgresException>(() => old.PauseAsync(sweep));

        (await _control.SweepStateAsync(sweep)).ShouldBe("queued");
    }

    private Task<(long Sweep, List<long> Trials)> SubmitAsync(string key, params long[] seeds) =>
        _control.SubmitAsync(
            SomeTrials.Sweep(key, [.. seeds.Select(seed => SomeTrials.Trial(seed))], maxCrashes: 1)
        );

    private async Task EndAsync(long trial, FailureKind? failure)
    {
        var token = (await _control.LeaseAsync(trial, "w1"))!.Value;
        await _control.CompleteAsync(
            failure is { } kind
                ? SomeTrials.Failed(trial, token, kind)
                : SomeTrials.Completed(trial, token)
        );
    }

    private Task<List<long>> PlacesAsync(long sweep) =>
        _db.ListAsync<long>(
            "select trial from sweep_trial where sweep = $1 order by position",
            sweep
        );

    private Task<List<string>> HistoryAsync(long sweep) =>
        _db.ListAsync<string>("select kind from event where sweep = $1 order by sequence", sweep);
}
