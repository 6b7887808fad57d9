using Harness.Domain.Trials;
using Harness.Storage.Sweeps;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>Sweeps that come, share their trials, and go.</summary>
public sealed class SubmitTests(PostgresFixture postgres) : IAsyncLifetime
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
    public async Task R7_many_submits_of_one_key_at_once_make_one_sweep()
    {
        var sweep = SomeTrials.Sweep("same", [SomeTrials.Trial(1), SomeTrials.Trial(2)]);

        var stored = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ => _control.Sweeps.SubmitAsync(sweep, Control.Cancellation))
        );

        stored.Select(row => row.Id).Distinct().Count().ShouldBe(1);
        stored.Count(row => row.Created).ShouldBe(1);
        (await _db.ScalarAsync<long>("select count(*) from trial")).ShouldBe(2);
    }

    [Fact]
    public async Task A_sweep_of_several_parts_keeps_its_order_and_shares_what_is_there()
    {
        const int first = 4_000;
        const int last = 4_200;
        var trials = Enumerable.Range(1, 4_500).Select(seed => SomeTrials.Trial(seed)).ToList();
        await _control.SubmitAsync(SomeTrials.Sweep("few", trials[(first - 1)..last]));

        var stored = await _control.Sweeps.SubmitAsync(
            SomeTrials.Sweep("all", trials),
            Control.Cancellation
        );

        stored.Reused.ShouldBe(last - first + 1);
        (await _db.ScalarAsync<long>("select count(*) from trial")).ShouldBe(trials.Count);
        (
            await _db.ListAsync<long>(
                "select t.seed from sweep_trial w join trial t on t.id = w.trial where w.sweep = $1 order by w.position",
                stored.Id
            )
        ).ShouldBe(Enumerable.Range(1, trials.Count).Select(seed => (long)seed));
    }

    [Fact]
    public async Task A_submit_that_finds_its_sweep_uses_up_no_number()
    {
        var first = await _control.SubmitAsync(SomeTrials.Sweep("one", [SomeTrials.Trial(1)]));
        for (var again = 0; again < 3; again++)
        {
            await _control.SubmitAsync(SomeTrials.Sweep("one", [SomeTrials.Trial(1)]));
        }

        var second = await _control.SubmitAsync(SomeTrials.Sweep("two", [SomeTrials.Trial(1)]));

        second.Sweep.ShouldBe(first.Sweep + 1);
    }

    [Fact]
    public async Task R7_sweeps_that_overlap_and_come_at_once_share_their_trials()
    {
        var trials = Enumerable.Range(1, 30).Select(seed => SomeTrials.Trial(seed)).ToList();

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(n =>
                    _control.Sweeps.SubmitAsync(
                        SomeTrials.Sweep($"overlap-{n}", [.. trials.Skip(n).Take(20)]),
                        Control.Cancellation
                    )
                )
        );

        (await _db.ScalarAsync<long>("select count(*) from trial")).ShouldBe(27);
        (await _db.ScalarAsync<long>("select count(*) from sweep_trial")).ShouldBe(160);
    }

    [Fact]
    public async Task A_sweep_whose_trials_have_all_succeeded_before_is_complete_at_once()
    {
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("first", [SomeTrials.Trial(1)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Completed(trials[0], token));

        var second = await _control.Sweeps.SubmitAsync(
            SomeTrials.Sweep("second", [SomeTrials.Trial(1)]),
            Control.Cancellation
        );

        second.ShouldBe(new StoredSweep(second.Id, true, 1, 1));
        (await _control.SweepStateAsync(second.Id)).ShouldBe("completed");
    }

    [Fact]
    public async Task A_fresh_sweep_measures_anew_and_leaves_the_old_result_alone()
    {
        var (_, old) = await _control.SubmitAsync(SomeTrials.Sweep("old", [SomeTrials.Trial(1)]));
        var token = (await _control.LeaseAsync(old[0], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Completed(old[0], token));

        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("fresh", [SomeTrials.Trial(1)], fresh: true)
        );

        trials[0].ShouldNotBe(old[0]);
        (await _control.SweepStateAsync(sweep)).ShouldBe("queued");
        (
            await _db.ScalarAsync<int>("select generation from trial where id = $1", trials[0])
        ).ShouldBe(2);
        (await _control.StateAsync(old[0])).ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_trial_that_failed_for_one_sweep_is_tried_anew_for_the_next()
    {
        var (_, failed) = await _control.SubmitAsync(
            SomeTrials.Sweep("fails", [SomeTrials.Trial(1)])
        );
        var token = (await _control.LeaseAsync(failed[0], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Failed(failed[0], token, FailureKind.Job));

        var (_, again) = await _control.SubmitAsync(
            SomeTrials.Sweep("again", [SomeTrials.Trial(1)])
        );

        again[0].ShouldNotBe(failed[0]);
        (await _control.StateAsync(again[0])).ShouldBe("pending");
        (await _control.StateAsync(failed[0])).ShouldBe("failed");
    }

    [Fact]
    public async Task A_cancelled_sweep_ends_at_once_when_nothing_of_it_runs()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("waiting", [SomeTrials.Trial(1)])
        );

        (await _control.Sweeps.CancelAsync(sweep, "ada", Control.Cancellation)).Done.ShouldBeTrue();

        (await _control.SweepStateAsync(sweep)).ShouldBe("cancelled");
        (await _control.StateAsync(trials[0])).ShouldBe("cancelled");
        (await _control.LeaseAsync(trials[0], "w1")).ShouldBeNull();
        (
            await _control.Sweeps.CancelAsync(sweep, "ada", Control.Cancellation)
        ).Done.ShouldBeFalse();
    }

    [Fact]
    public async Task A_running_trial_of_a_cancelled_sweep_is_to_be_stopped_and_then_the_sweep_ends()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("stop", [SomeTrials.Trial(1), SomeTrials.Trial(2)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;

        await _control.Sweeps.CancelAsync(sweep, "ada", Control.Cancellation);

        (await _control.SweepStateAsync(sweep)).ShouldBe("cancelling");
        (await _control.StateAsync(trials[1])).ShouldBe("cancelled");
        (await _control.BeatAsync(trials[0], token))
            .Beats.ShouldHaveSingleItem()
            .Wanted.ShouldBeFalse();
        var ended = await _control.CompleteAsync(
            SomeTrials.Ended(trials[0], token, AttemptState.Cancelled)
        );
        ended.Ended.ShouldHaveSingleItem().State.ShouldBe("cancelled");
        (await _control.StateAsync(trials[0])).ShouldBe("cancelled");
    }

    [Fact]
    public async Task The_lease_of_a_trial_that_nobody_wants_ends_with_the_trial()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("dead-worker", [SomeTrials.Trial(1)])
        );
        await _control.LeaseAsync(trials[0], "w1");
        await _control.Sweeps.CancelAsync(sweep, "ada", Control.Cancellation);

        var tick = await _control.ExpireAllAsync();

        tick.Ended.ShouldHaveSingleItem().State.ShouldBe("cancelled");
        (await _control.StateAsync(trials[0])).ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_trial_that_another_live_sweep_wants_runs_on()
    {
        var (first, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("a", [SomeTrials.Trial(1), SomeTrials.Trial(2)])
        );
        var (second, _) = await _control.SubmitAsync(
            SomeTrials.Sweep("b", [SomeTrials.Trial(1), SomeTrials.Trial(2)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;

        await _control.Sweeps.CancelAsync(first, "ada", Control.Cancellation);

        (await _control.SweepStateAsync(first)).ShouldBe("cancelled");
        (await _control.BeatAsync(trials[0], token))
            .Beats.ShouldHaveSingleItem()
            .Wanted.ShouldBeTrue();
        (await _control.StateAsync(trials[1])).ShouldBe("pending");
        await _control.CompleteAsync(SomeTrials.Completed(trials[0], token));
        var other = (await _control.LeaseAsync(trials[1], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Completed(trials[1], other));
        (await _control.SweepStateAsync(second)).ShouldBe("completed");
        (await _control.SweepStateAsync(first)).ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_sweep_that_no_worker_can_run_says_so()
    {
        var (sweep, _) = await _control.SubmitAsync(
            SomeTrials.Sweep("wide", [SomeTrials.Trial(1, threads: 64), SomeTrials.Trial(2)])
        );

        var warnings = await _control.Sweeps.WarningsAsync(sweep, Control.Cancellation);

        warnings.ShouldHaveSingleItem().ShouldContain("64 cores");
    }

    [Fact]
    public async Task A_spec_survives_its_column_with_its_identity()
    {
        var trial = SomeTrials.Trial(1);
        trial.Settings["learning_rate"] = SettingValue.Of(1.0 / 3);
        trial.Settings["clip"] = SettingValue.Of(1e-7);
        trial.Settings["large"] = SettingValue.Of(1e22);
        trial.Settings["name"] = SettingValue.Of("höhe \"x\" \\ ↯");
        await _control.SubmitAsync(SomeTrials.Sweep("identity", [trial]));

        var waiting = await new Harness.Storage.Dispatch.DispatchLoader(_db.Silo).WaitingAsync(
            await _db.ListAsync<long>("select id from trial"),
            Control.Cancellation
        );

        waiting.ShouldHaveSingleItem().Spec.Identity().ShouldBe(trial.Identity());
    }
}
