using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>Changes of sweeps while workers run their trials.</summary>
public sealed class SweepChangeTests(PostgresFixture postgres) : ClusterTests(postgres)
{
    [Fact]
    public async Task Pausing_stops_what_runs_at_once_and_resuming_gives_it_out_again()
    {
        var worker = new TestWorker(Cluster, "paused");
        await worker.JoinAsync();
        await SubmitAsync("to-pause", seeds: 4);
        await worker.SyncAsync();
        var running = worker.Running.ToList();
        running.Count.ShouldBe(2);

        // The worker waits in a call: it is told there and then.
        var call = worker.SyncAsync(freeSlots: 0);
        (await Sweep("to-pause").PauseAsync("ada")).State.ShouldBe(SweepState.Pausing);
        await call;

        worker.Stopped.ShouldBe(running.Select(lease => lease.Token), ignoreOrder: true);
        foreach (var lease in running)
        {
            worker.End(SomeTrials.Ended(lease.TrialId, lease.Token, AttemptState.Cancelled));
        }

        (await worker.SyncAsync()).Leases.ShouldBeEmpty();
        (await Tables.SweepStateAsync(1)).ShouldBe("paused");
        (await worker.SyncAsync()).Leases.ShouldBeEmpty();

        (await Sweep("to-pause").ResumeAsync("ada")).State.ShouldBe(SweepState.Running);
        await worker.WorkAsync();

        (await Tables.SweepStateAsync(1)).ShouldBe("completed");
        (await Db.ScalarAsync<long>("select sum(crashes + failures)::bigint from trial")).ShouldBe(
            0
        );
    }

    [Fact]
    public async Task A_sweep_that_was_paused_stays_so_over_a_restart_of_the_silo()
    {
        var worker = new TestWorker(Cluster, "later");
        await SubmitAsync("restarted", seeds: 2);
        await Sweep("restarted").PauseAsync("ada");

        await Cluster.RestartAsync();
        await Eventually.IsAsync(
            async () =>
            {
                try
                {
                    await worker.JoinAsync();
                    return true;
                }
                catch (Orleans.Runtime.OrleansException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(60),
            () => "the new silo answers"
        );

        (await worker.SyncAsync()).Leases.ShouldBeEmpty();
        (await Sweep("restarted").ResumeAsync("ada")).Done.ShouldBeTrue();
        await worker.WorkAsync();
        (await Tables.SweepStateAsync(1)).ShouldBe("completed");
    }

    [Fact]
    public async Task A_retry_gives_failed_trials_out_again()
    {
        var worker = new TestWorker(Cluster, "again");
        await worker.JoinAsync();
        await SubmitAsync("fails", seeds: 3);
        await worker.WorkAsync(lease =>
            lease.Spec.Seed == 2
                ? SomeTrials.Failed(lease.TrialId, lease.Token, FailureKind.Job)
                : SomeTrials.Completed(lease.TrialId, lease.Token)
        );
        (await Tables.SweepStateAsync(1)).ShouldBe("completed_with_failures");

        var changed = await Sweep("fails").RetryAsync(new[] { TrialState.Failed }, "ada");

        changed.Trials.ShouldBe(1);
        await worker.WorkAsync();
        (await Tables.SweepStateAsync(1)).ShouldBe("completed");
        (
            await Sweep("fails").RetryAsync(new[] { TrialState.Failed }, "ada")
        ).ShouldSatisfyAllConditions(
            refused => refused.Refusal.ShouldBe(ChangeRefusal.State),
            refused => refused.State.ShouldBe(SweepState.Completed)
        );
    }

    [Fact]
    public async Task A_sweep_that_is_given_priority_overtakes()
    {
        await SubmitAsync("older", [SomeTrials.Trial(1), SomeTrials.Trial(2)]);
        await SubmitAsync("newer", [SomeTrials.Trial(100), SomeTrials.Trial(101)]);
        (
            await Sweep("newer").SetAsync(new SweepLimits { Priority = 5 }, null, "ada")
        ).Done.ShouldBeTrue();
        var worker = new TestWorker(Cluster, "first");
        await worker.JoinAsync();

        await worker.SyncAsync();

        worker.Running.Select(lease => lease.Spec.Seed).ShouldBe([100, 101]);
    }

    [Fact]
    public async Task A_limit_holds_from_when_it_is_set()
    {
        var worker = new TestWorker(Cluster, "limited");
        await worker.JoinAsync();
        await SubmitAsync("limited", seeds: 4, maxConcurrent: 1);
        await worker.SyncAsync();
        worker.Running.Count.ShouldBe(1);
        var call = worker.SyncAsync();

        await Sweep("limited").SetAsync(new SweepLimits { MaxConcurrentTrials = 2 }, null, "ada");
        await call;

        worker.Running.Count.ShouldBe(2);
    }
}
