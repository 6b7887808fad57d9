using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>The whole control plane but for HTTP: a silo, real tables, and workers that the tests play.</summary>
public sealed class DispatchTests(PostgresFixture postgres) : ClusterTests(postgres)
{
    [Fact]
    public async Task A_sweep_is_submitted_run_by_two_workers_and_completed()
    {
        var (one, two) = (new TestWorker(Cluster, "one"), new TestWorker(Cluster, "two"));
        await one.JoinAsync();
        await two.JoinAsync();
        var reply = await SubmitAsync("sweep", seeds: 12);
        reply.Created.ShouldBeTrue();
        reply.Warnings.ShouldBeEmpty();

        await Task.WhenAll(one.WorkAsync(), two.WorkAsync());

        (await Tables.SweepStateAsync(1)).ShouldBe("completed");
        (await Db.ScalarAsync<long>("select count(*) from result")).ShouldBe(12);
        (await Db.ListAsync<string>("select distinct worker from attempt order by 1")).ShouldBe([
            "one",
            "two",
        ]);
    }

    [Fact]
    public async Task Submitting_again_is_the_same_sweep()
    {
        var first = await SubmitAsync("again", seeds: 2);
        var second = await SubmitAsync("again", seeds: 2);

        second.Created.ShouldBeFalse();
        second.Sweep.ShouldBe(first.Sweep);
        second.Reused.ShouldBe(2);
    }

    [Fact]
    public async Task A_trial_of_a_silent_worker_goes_to_another_and_the_late_result_is_refused()
    {
        var (silent, other) = (new TestWorker(Cluster, "silent"), new TestWorker(Cluster, "other"));
        await silent.JoinAsync();
        await SubmitAsync("silent", seeds: 1);
        await silent.SyncAsync();
        var lost = silent.Running.ShouldHaveSingleItem();
        await other.JoinAsync();

        await Eventually.IsAsync(
            async () =>
            {
                await other.SyncAsync();
                return other.Running.Count == 1;
            },
            TimeSpan.FromSeconds(30),
            () => "the lease of the silent worker passes on"
        );
        silent.End(SomeTrials.Completed(lost.TrialId, lost.Token, 0.1));
        var late = await silent.SyncAsync(freeSlots: 0);
        late.Acknowledged.ShouldBe([lost.Token]);
        var current = other.Running[0];
        current.Number.ShouldBe(2);
        other.End(SomeTrials.Completed(current.TrialId, current.Token, 0.9));
        await other.SyncAsync();

        (await Tables.AttemptStateAsync(lost.Token)).ShouldBe("fenced");
        (await Tables.EventsAsync(lost.TrialId)).ShouldBe([
            "submitted",
            "leased",
            "expired",
            "leased",
            "fenced",
            "completed",
        ]);
        (
            await Db.ScalarAsync<double>(
                "select accuracy from v1_trials where trial_id = $1",
                lost.TrialId
            )
        ).ShouldBe(0.9);
    }

    [Fact]
    public async Task A_worker_that_speaks_of_a_lost_attempt_is_told_to_stop_it()
    {
        var worker = new TestWorker(Cluster, "slow");
        await worker.JoinAsync();
        await SubmitAsync("slow", seeds: 1);
        await worker.SyncAsync();
        await worker.SyncAsync();
        var token = worker.Running[0].Token;
        await Db.ExecuteAsync(
            "update attempt set state = 'drained', ended_at = clock_timestamp() where token = $1",
            token
        );

        await worker.SyncAsync(freeSlots: 0);

        worker.Stopped.ShouldBe([token]);
        // The test took the attempt away behind the trial's back; give it an end that fits.
        await Db.ExecuteAsync(
            "with t as (update trial t set state = 'pending', sequence = t.sequence + 1 from trial old where t.token = $1 and old.id = t.id returning t.id, t.sequence, t.token, old.state) insert into event (trial, sequence, kind, from_state, to_state, token) select id, sequence, 'drained', state, 'pending', token from t",
            token
        );
    }

    [Fact]
    public async Task A_lease_whose_answer_was_lost_is_given_again()
    {
        var worker = new TestWorker(Cluster, "deaf");
        await worker.JoinAsync();
        await SubmitAsync("deaf", seeds: 1);
        var first = (await worker.SyncAsync()).Leases.ShouldHaveSingleItem();
        worker.Running.Clear();

        var second = (await worker.SyncAsync()).Leases.ShouldHaveSingleItem();

        second.Token.ShouldBe(first.Token);
        (await Db.ScalarAsync<long>("select count(*) from attempt")).ShouldBe(1);
    }

    [Fact]
    public async Task A_held_call_is_answered_as_soon_as_a_sweep_comes()
    {
        var worker = new TestWorker(Cluster, "waiting");
        await worker.JoinAsync();
        var call = worker.SyncAsync();

        await SubmitAsync("coming", seeds: 1);

        (await call).Leases.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_call_without_news_is_answered_after_a_while()
    {
        var worker = new TestWorker(Cluster, "idle");
        await worker.JoinAsync();

        var reply = await worker.SyncAsync();

        reply.Leases.ShouldBeEmpty();
        reply.Stop.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelling_stops_what_runs_and_leases_nothing_more()
    {
        var worker = new TestWorker(Cluster, "cancelled");
        await worker.JoinAsync();
        await SubmitAsync("to-cancel", seeds: 6);
        await worker.SyncAsync();
        worker.Running.Count.ShouldBe(2);
        var running = worker.Running.ToList();

        (await Sweep("to-cancel").CancelAsync("ada")).Done.ShouldBeTrue();
        await worker.SyncAsync();

        worker.Stopped.ShouldBe(running.Select(lease => lease.Token), ignoreOrder: true);
        foreach (var lease in running)
        {
            worker.End(SomeTrials.Ended(lease.TrialId, lease.Token, AttemptState.Cancelled));
        }

        (await worker.SyncAsync()).Leases.ShouldBeEmpty();
        (await Tables.SweepStateAsync(1)).ShouldBe("cancelled");
        (
            await Db.ScalarAsync<long>("select count(*) from trial where state <> 'cancelled'")
        ).ShouldBe(0);
        (await Sweep("to-cancel").CancelAsync("ada")).Done.ShouldBeFalse();
    }

    [Fact]
    public async Task A_draining_worker_hands_back_and_gets_nothing()
    {
        var worker = new TestWorker(Cluster, "draining");
        await worker.JoinAsync();
        await SubmitAsync("drained", seeds: 4);
        await worker.SyncAsync();
        foreach (var lease in worker.Running.ToList())
        {
            worker.End(SomeTrials.Ended(lease.TrialId, lease.Token, AttemptState.Drained));
        }

        (await worker.SyncAsync(draining: true)).Leases.ShouldBeEmpty();

        (
            await Db.ScalarAsync<long>(
                "select count(*) from trial where state = 'pending' and crashes = 0"
            )
        ).ShouldBe(4);
        (await Db.ScalarAsync<string>("select state from worker where id = 'draining'")).ShouldBe(
            "left"
        );
    }

    [Fact]
    public async Task A_crashed_attempt_is_tried_again()
    {
        var worker = new TestWorker(Cluster, "crashing");
        await worker.JoinAsync();
        await SubmitAsync("crashes", seeds: 1);
        await worker.SyncAsync();
        var lease = worker.Running[0];
        worker.End(SomeTrials.Failed(lease.TrialId, lease.Token, FailureKind.Crash));

        await Eventually.IsAsync(
            async () =>
            {
                await worker.SyncAsync();
                return worker.Running.Count == 1;
            },
            TimeSpan.FromSeconds(20),
            () => "the trial is leased again"
        );

        worker.Running[0].Number.ShouldBe(2);
    }

    [Fact]
    public async Task A_worker_that_never_joined_is_told_to_join()
    {
        var worker = new TestWorker(Cluster, "stranger");

        await Should.ThrowAsync<WorkerUnknownException>(() => worker.SyncAsync());
    }

    [Fact]
    public async Task A_worker_of_another_protocol_is_refused_with_both_numbers()
    {
        var worker = new TestWorker(Cluster, SomeTrials.Worker("old") with { Protocol = 0 });

        var refused = await Should.ThrowAsync<WorkerRefusedException>(worker.JoinAsync);

        refused.Message.ShouldContain("protocol 0");
        refused.Message.ShouldContain($"{WorkerProtocol.Version}");
    }

    [Fact]
    public async Task A_result_that_is_malformed_fails_its_attempt_and_nobody_elses()
    {
        var (bad, good) = (new TestWorker(Cluster, "bad"), new TestWorker(Cluster, "good"));
        await bad.JoinAsync();
        await good.JoinAsync();
        await SubmitAsync("nonsense", seeds: 2);
        await bad.SyncAsync(freeSlots: 1);
        await good.SyncAsync(freeSlots: 1);
        var nonsense = bad.Running[0];
        bad.End(
            SomeTrials.Completed(nonsense.TrialId, nonsense.Token) with
            {
                Result = new TrainerResult(
                    TrialOutcome.Ok,
                    new(StringComparer.Ordinal) { ["\0"] = 1 },
                    null,
                    null,
                    null
                ),
            }
        );
        var sound = good.Running[0];
        good.End(SomeTrials.Completed(sound.TrialId, sound.Token));

        await Task.WhenAll(bad.SyncAsync(freeSlots: 0), good.SyncAsync(freeSlots: 0));

        (await Tables.AttemptStateAsync(nonsense.Token)).ShouldBe("failed");
        (await Tables.AttemptStateAsync(sound.Token)).ShouldBe("completed");
    }

    [Fact]
    public async Task After_a_restart_of_the_silo_running_attempts_go_on()
    {
        var worker = new TestWorker(Cluster, "patient");
        await worker.JoinAsync();
        await SubmitAsync("restart", seeds: 3);
        await worker.SyncAsync();
        await worker.SyncAsync();
        var before = worker.Running.Select(lease => lease.Token).ToList();

        await Cluster.RestartAsync();
        await Eventually.IsAsync(
            async () =>
            {
                try
                {
                    await worker.SyncAsync();
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

        worker.Stopped.ShouldBeEmpty();
        worker.Running.Select(lease => lease.Token).ShouldBe(before);
        await worker.WorkAsync();
        (await Tables.SweepStateAsync(1)).ShouldBe("completed");
        (await Db.ScalarAsync<int>("select max(attempts) from trial")).ShouldBe(1);
        (await Db.ScalarAsync<long>("select epoch from dispatcher")).ShouldBe(2);
    }

    [Fact]
    public async Task A_lease_names_the_trace_of_its_sweep_and_trial()
    {
        var worker = new TestWorker(Cluster, "traced");
        await worker.JoinAsync();
        await SubmitAsync("traced", seeds: 1);

        var lease = (await worker.SyncAsync()).Leases.ShouldHaveSingleItem();

        var expected = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes($"trial//1/{lease.TrialId}")
            )
        )[..32];
        lease.TraceParent.ShouldNotBeNull().Split('-')[1].ShouldBe(expected);
    }
}
