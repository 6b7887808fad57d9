using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Storage.Claims;
using Harness.Storage.Metrics;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>Sweeps that people remove: what goes with them, and what stays.</summary>
public sealed class RemovalTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase _db = null!;
    private Control _control = null!;

    public async ValueTask InitializeAsync()
    {
        _db = await postgres.CreateAsync();
        _control = new Control(_db);
        await _control.StartAsync("w1");
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
    public async Task A_removed_sweep_takes_its_trials_with_all_that_they_measured()
    {
        var (sweep, trials) = await RunAsync("gone", 1, 2);

        var reply = await _control.RemoveAsync(sweep);

        reply.Changed.Done.ShouldBeTrue();
        reply.Removed.Trials.ShouldBe(2);
        foreach (
            var table in new[]
            {
                "sweep",
                "sweep_trial",
                "trial",
                "attempt",
                "result",
                "metric_chunk",
                "metric_last",
                "profile",
                "log_chunk",
            }
        )
        {
            (await _db.ScalarAsync<long>($"select count(*) from {table}")).ShouldBe(0, table);
        }

        (await _control.EventsAsync(trials[0])).ShouldBe([
            "submitted",
            "leased",
            "completed",
            "removed",
        ]);
        (
            await _db.ScalarAsync<string>(
                "select detail from event where sweep = $1 and kind = 'removed'",
                sweep
            )
        ).ShouldBe("by test");
    }

    [Fact]
    public async Task A_trial_that_another_sweep_has_stays_with_its_result()
    {
        var (first, trials) = await RunAsync("first", 1, 2);
        var (second, _) = await RunAsync("second", 2, 3);

        (await _control.RemoveAsync(first)).Removed.Trials.ShouldBe(1);

        (
            await _db.ListAsync<string>(
                "select trial from v1_trials where accuracy is not null order by trial_id"
            )
        ).ShouldBe([Ids.Trial(trials[1]), Ids.Trial(trials[1] + 1)]);
        (await _db.ScalarAsync<long>("select count(*) from metric_chunk")).ShouldBe(2);
        (await _control.RemoveAsync(second)).Removed.Trials.ShouldBe(2);
        (await _db.ScalarAsync<long>("select count(*) from trial")).ShouldBe(0);
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("running")]
    [InlineData("pausing")]
    [InlineData("paused")]
    [InlineData("cancelling")]
    public async Task A_sweep_that_lives_stays(string state)
    {
        var (sweep, _) = await _control.SubmitAsync(
            SomeTrials.Sweep("lives", [SomeTrials.Trial(1)])
        );
        await _db.ExecuteAsync("update sweep set state = $1", state);

        var reply = await _control.RemoveAsync(sweep);

        reply.Changed.Refusal.ShouldBe(ChangeRefusal.State);
        reply.Changed.State.ShouldBe(Domain.Words.Parse<SweepState>(state));
        (await _db.ScalarAsync<long>("select count(*) from sweep_trial")).ShouldBe(1);
        await _db.ExecuteAsync("update sweep set state = 'queued'");
    }

    [Fact]
    public async Task What_was_tried_again_goes_with_what_took_its_place()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("retried", [SomeTrials.Trial(1)])
        );
        await EndAsync(trials[0], FailureKind.Job);
        var (_, again) = await _control.RetryAsync(sweep, TrialState.Failed);
        await EndAsync(again[0], null);

        (await _control.RemoveAsync(sweep)).Removed.Trials.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_removal_the_same_submit_makes_the_sweep_anew()
    {
        var (sweep, _) = await RunAsync("again", 1);
        await _control.RemoveAsync(sweep);

        var (second, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("again", [SomeTrials.Trial(1)])
        );

        second.ShouldBeGreaterThan(sweep);
        (await _control.StateAsync(trials[0])).ShouldBe("pending");
    }

    [Fact]
    public async Task A_sweep_of_a_claims_run_goes_only_with_the_run_and_its_other_sweeps()
    {
        var run = await RegisterAsync("order");
        var (first, _) = await RunForAsync(run, "look-1", 1);
        var (second, _) = await RunForAsync(run, "look-2", 2);
        var (other, _) = await RunAsync("unrelated", 3);
        await new ClaimStore(_db.Silo).StoreAsync(run, "{}", Control.Cancellation);

        var refused = await _control.RemoveAsync(second);

        refused.Changed.Refusal.ShouldBe(ChangeRefusal.Claim);
        refused.Removed.Sweeps.ShouldBe([Ids.Sweep(first), Ids.Sweep(second)]);
        refused.Removed.Claims.ShouldBe(["order (quick)"]);
        (await _db.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(3);

        var reply = await _control.RemoveAsync(second, withClaim: true);

        reply.Removed.Trials.ShouldBe(2);
        (await _db.ListAsync<long>("select id from sweep")).ShouldBe([other]);
        (await _db.ScalarAsync<long>("select count(*) from claim_run")).ShouldBe(0);
        (await _db.ScalarAsync<long>("select count(*) from verdict")).ShouldBe(0);
    }

    [Fact]
    public async Task A_claims_run_of_which_a_sweep_lives_stays()
    {
        var run = await RegisterAsync("order");
        var (first, _) = await RunForAsync(run, "look-1", 1);
        var (live, _) = await _control.SubmitAsync(
            SomeTrials.Sweep("look-2", [SomeTrials.Trial(2)]) with
            {
                ClaimRun = run,
            }
        );

        var refused = await _control.RemoveAsync(first, withClaim: true);

        refused.Changed.Refusal.ShouldBe(ChangeRefusal.State);
        refused.Changed.Sweep.ShouldBe(Ids.Sweep(live));
        (await _db.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(2);
    }

    private Task<(long Sweep, List<long> Trials)> RunAsync(string key, params long[] seeds) =>
        RunForAsync(null, key, seeds);

    private async Task<(long Sweep, List<long> Trials)> RunForAsync(
        long? run,
        string key,
        params long[] seeds
    )
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep(key, [.. seeds.Select(seed => SomeTrials.Trial(seed))]) with
            {
                ClaimRun = run,
            }
        );
        foreach (var trial in trials)
        {
            if (await _control.LeaseAsync(trial, "w1") is { } token)
            {
                await new MetricStore(_db.Silo).AppendAsync(
                    new IngestRequest { WorkerId = "w1", Attempts = [Data(trial, token)] },
                    Control.Cancellation
                );
                await _control.CompleteAsync(SomeTrials.Completed(trial, token));
            }
        }

        return (sweep, trials);
    }

    private async Task EndAsync(long trial, FailureKind? failure)
    {
        var token = (await _control.LeaseAsync(trial, "w1"))!.Value;
        await _control.CompleteAsync(
            failure is { } kind
                ? SomeTrials.Failed(trial, token, kind)
                : SomeTrials.Completed(trial, token)
        );
    }

    private static AttemptData Data(long trial, long token) =>
        new()
        {
            TrialId = trial,
            Token = token,
            Points = [new("train_loss", [1, 2], [0.5, 0.25], [0.1, 0.2])],
            Profiles = [new("accuracy", "lag", [1], [0.5], [10])],
            Log = ["a line"],
        };

    private Task<long> RegisterAsync(string claim) =>
        new ClaimStore(_db.Silo).RegisterAsync(
            new ClaimRegistration(claim, "quick", "file", "hash", "test"),
            Control.Cancellation
        );
}
