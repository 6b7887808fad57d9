using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains;
using Harness.Grains.Sweeps;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>The whole control plane but for HTTP: a silo, real tables, and workers that the tests play.</summary>
public sealed class DispatchTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase _db = null!;
    private TestCluster _cluster = null!;
    private Control _tables = null!;

    public async ValueTask InitializeAsync()
    {
        _db = await postgres.CreateAsync();
        _tables = new Control(_db);
        _cluster = await TestCluster.StartAsync(_db.Silo);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
            (await _tables.ViolationsAsync()).ShouldBeEmpty();
            await _db.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_sweep_is_submitted_run_by_two_workers_and_completed()
    {
        var (one, two) = (new TestWorker(_cluster, "one"), new TestWorker(_cluster, "two"));
        await one.JoinAsync();
        await two.JoinAsync();
        var reply = await SubmitAsync("sweep", seeds: 12);
        reply.Created.ShouldBeTrue();
        reply.Warnings.ShouldBeEmpty();

        await Task.WhenAll(one.WorkAsync(), two.WorkAsync());

        (await _tables.SweepStateAsync(1)).ShouldBe("completed");
        (await _db.ScalarAsync<long>("select count(*) from result")).ShouldBe(12);
        (await _db.ListAsync<string>("select distinct worker from attempt order by 1")).ShouldBe([
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
        var (silent, other) = (
            new TestWorker(_cluster, "silent"),
            new TestWorker(_cluster, "other")
        );
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

        (await _tables.AttemptStateAsync(lost.Token)).ShouldBe("fenced");
        (await _tables.EventsAsync(lost.TrialId)).ShouldBe([
            "submitted",
            "leased",
            "expired",
            "leased",
            "fenced",
            "completed",
        ]);
        (
            await _db.ScalarAsync<double>(
                "select accuracy from v1_trials where trial_id = $1",
                lost.TrialId
            )
        ).ShouldBe(0.9);
    }

    [Fact]
    public async Task A_worker_that_speaks_of_a_lost_attempt_is_told_to_stop_it()
    {
        var worker = new TestWorker(_cluster, "slow");
        await worker.JoinAsync();
        await SubmitAsync("slow", seeds: 1);
        await worker.SyncAsync();
        await worker.SyncAsync();
        var token = worker.Running[0].Token;
        await _db.ExecuteAsync(
            "update attempt set state = 'lost', ended_at = clock_timestamp() where token = $1",
            token
        );

        await worker.SyncAsync(freeSlots: 0);

        worker.Stopped.ShouldBe([token]);
        // The test took the attempt away behind the trial's back; give it an end that fits.
        await _db.ExecuteAsync(
            "with t as (update trial set state = 'pending', sequence = sequence + 1 where token = $1 returning id, sequence) insert into event (trial, sequence, kind, to_state) select id, sequence, 'expired', 'pending' from t",
            token
        );
    }

    [Fact]
    public async Task A_lease_whose_answer_was_lost_is_given_again()
    {
        var worker = new TestWorker(_cluster, "deaf");
        await worker.JoinAsync();
        await SubmitAsync("deaf", seeds: 1);
        var first = (await worker.SyncAsync()).Leases.ShouldHaveSingleItem();
        worker.Running.Clear();

        var second = (await worker.SyncAsync()).Leases.ShouldHaveSingleItem();

        second.Token.ShouldBe(first.Token);
        (await _db.ScalarAsync<long>("select count(*) from attempt")).ShouldBe(1);
    }

    [Fact]
    public async Task A_held_call_is_answered_as_soon_as_a_sweep_comes()
    {
        var worker = new TestWorker(_cluster, "waiting");
        await worker.JoinAsync();
        var call = worker.SyncAsync();

        await SubmitAsync("coming", seeds: 1);

        (await call).Leases.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_call_without_news_is_answered_after_a_while()
    {
        var worker = new TestWorker(_cluster, "idle");
        await worker.JoinAsync();

        var reply = await worker.SyncAsync();

        reply.Leases.ShouldBeEmpty();
        reply.Stop.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelling_stops_what_runs_and_leases_nothing_more()
    {
        var worker = new TestWorker(_cluster, "cancelled");
        await worker.JoinAsync();
        await SubmitAsync("to-cancel", seeds: 6);
        await worker.SyncAsync();
        worker.Running.Count.ShouldBe(2);
        var running = worker.Running.ToList();

        (await Sweep("to-cancel").CancelAsync("ada")).ShouldBeTrue();
        await worker.SyncAsync();

        worker.Stopped.ShouldBe(running.Select(lease => lease.Token), ignoreOrder: true);
        foreach (var lease in running)
        {
            worker.End(SomeTrials.Ended(lease.TrialId, lease.Token, AttemptState.Cancelled));
        }

        (await worker.SyncAsync()).Leases.ShouldBeEmpty();
        (await _tables.SweepStateAsync(1)).ShouldBe("cancelled");
        (
            await _db.ScalarAsync<long>("select count(*) from trial where state <> 'cancelled'")
        ).ShouldBe(0);
        (await Sweep("to-cancel").CancelAsync("ada")).ShouldBeFalse();
    }

    [Fact]
    public async Task Five_workers_on_one_host_share_its_cores()
    {
        var workers = Enumerable
            .Range(1, 5)
            .Select(n => new TestWorker(_cluster, SomeTrials.Worker($"w{n}", host: "one-host")))
            .ToList();
        foreach (var worker in workers)
        {
            await worker.JoinAsync();
        }

        await SubmitAsync("crowd", seeds: 10);
        await Task.WhenAll(workers.Select(worker => worker.SyncAsync()));

        workers.Sum(worker => worker.Running.Count).ShouldBe(2);
    }

    [Fact]
    public async Task Workers_that_share_a_core_take_turns()
    {
        var workers = Enumerable
            .Range(1, 3)
            .Select(n => new TestWorker(
                _cluster,
                SomeTrials.Worker($"w{n}", slots: 1, cores: 1, host: "small")
            ))
            .ToList();
        foreach (var worker in workers)
        {
            await worker.JoinAsync();
        }

        await SubmitAsync("turns", seeds: 9);
        await Eventually.IsAsync(
            async () =>
            {
                await Task.WhenAll(workers.Select(worker => worker.WorkAsync()));
                return await _tables.SweepStateAsync(1) == "completed";
            },
            TimeSpan.FromSeconds(60),
            () => "the sweep ends"
        );

        (await _db.ScalarAsync<long>("select count(distinct worker) from attempt")).ShouldBe(3);
    }

    [Fact]
    public async Task A_wide_trial_is_not_starved_by_narrow_ones_behind_it()
    {
        var worker = new TestWorker(_cluster, "wide");
        await worker.JoinAsync();
        await SubmitAsync(
            "wide",
            [SomeTrials.Trial(1), SomeTrials.Trial(2, threads: 2), SomeTrials.Trial(3)]
        );
        await worker.SyncAsync();
        var narrow = worker.Running.ShouldHaveSingleItem();
        narrow.Spec.Seed.ShouldBe(1);

        worker.End(SomeTrials.Completed(narrow.TrialId, narrow.Token));
        await worker.SyncAsync();

        worker.Running.ShouldHaveSingleItem().Spec.Seed.ShouldBe(2);
    }

    [Fact]
    public async Task The_sweep_with_the_higher_priority_goes_first()
    {
        await SubmitAsync("low", seeds: 2);
        await SubmitAsync("high", [SomeTrials.Trial(100), SomeTrials.Trial(101)], priority: 5);
        var worker = new TestWorker(_cluster, "first");
        await worker.JoinAsync();

        await worker.SyncAsync();

        worker.Running.Select(lease => lease.Spec.Seed).ShouldBe([100, 101]);
    }

    [Fact]
    public async Task No_more_trials_of_a_sweep_run_than_it_allows()
    {
        await SubmitAsync("one-by-one", seeds: 4, maxConcurrent: 1);
        var worker = new TestWorker(_cluster, "modest");
        await worker.JoinAsync();

        await worker.SyncAsync();
        await worker.SyncAsync();

        worker.Running.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_trial_goes_only_to_a_worker_that_has_its_data()
    {
        var trial = SomeTrials.Trial(1) with { DataHash = "abc" };
        await SubmitAsync("data", [trial]);
        var without = new TestWorker(_cluster, "without");
        var with = new TestWorker(
            _cluster,
            SomeTrials.Worker("with") with
            {
                Data = new(StringComparer.Ordinal) { ["parity"] = "abc" },
            }
        );
        await without.JoinAsync();
        (await without.SyncAsync()).Leases.ShouldBeEmpty();
        await with.JoinAsync();
        (await with.SyncAsync()).Leases.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_draining_worker_hands_back_and_gets_nothing()
    {
        var worker = new TestWorker(_cluster, "draining");
        await worker.JoinAsync();
        await SubmitAsync("drained", seeds: 4);
        await worker.SyncAsync();
        foreach (var lease in worker.Running.ToList())
        {
            worker.End(SomeTrials.Ended(lease.TrialId, lease.Token, AttemptState.Drained));
        }

        (await worker.SyncAsync(draining: true)).Leases.ShouldBeEmpty();

        (
            await _db.ScalarAsync<long>(
                "select count(*) from trial where state = 'pending' and crashes = 0"
            )
        ).ShouldBe(4);
        (await _db.ScalarAsync<string>("select state from worker where id = 'draining'")).ShouldBe(
            "left"
        );
    }

    [Fact]
    public async Task A_crashed_attempt_is_tried_again()
    {
        var worker = new TestWorker(_cluster, "crashing");
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
        var worker = new TestWorker(_cluster, "stranger");

        await Should.ThrowAsync<WorkerUnknownException>(() => worker.SyncAsync());
    }

    [Fact]
    public async Task A_worker_of_another_protocol_is_refused_with_both_numbers()
    {
        var worker = new TestWorker(_cluster, SomeTrials.Worker("old") with { Protocol = 0 });

        var refused = await Should.ThrowAsync<WorkerRefusedException>(worker.JoinAsync);

        refused.Message.ShouldContain("protocol 0");
        refused.Message.ShouldContain($"{WorkerProtocol.Version}");
    }

    [Fact]
    public async Task A_result_that_is_malformed_fails_its_attempt_and_nobody_elses()
    {
        var (bad, good) = (new TestWorker(_cluster, "bad"), new TestWorker(_cluster, "good"));
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

        (await _tables.AttemptStateAsync(nonsense.Token)).ShouldBe("failed");
        (await _tables.AttemptStateAsync(sound.Token)).ShouldBe("completed");
    }

    [Fact]
    public async Task After_a_restart_of_the_silo_running_attempts_go_on()
    {
        var worker = new TestWorker(_cluster, "patient");
        await worker.JoinAsync();
        await SubmitAsync("restart", seeds: 3);
        await worker.SyncAsync();
        await worker.SyncAsync();
        var before = worker.Running.Select(lease => lease.Token).ToList();

        await _cluster.RestartAsync();
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
        (await _tables.SweepStateAsync(1)).ShouldBe("completed");
        (await _db.ScalarAsync<int>("select max(attempts) from trial")).ShouldBe(1);
        (await _db.ScalarAsync<long>("select epoch from dispatcher")).ShouldBe(2);
    }

    [Fact]
    public async Task A_lease_names_the_trace_of_its_sweep_and_trial()
    {
        var worker = new TestWorker(_cluster, "traced");
        await worker.JoinAsync();
        await SubmitAsync("traced", seeds: 1);

        var lease = (await worker.SyncAsync()).Leases.ShouldHaveSingleItem();

        var expected = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes($"trial/1/{lease.TrialId}")
            )
        )[..32];
        lease.TraceParent.ShouldNotBeNull().Split('-')[1].ShouldBe(expected);
    }

    private ISweepGrain Sweep(string key) => _cluster.Grains.GetGrain<ISweepGrain>(key);

    private Task<Domain.Api.SubmitReply> SubmitAsync(
        string key,
        int seeds,
        int maxConcurrent = 8
    ) =>
        SubmitAsync(
            key,
            [.. Enumerable.Range(1, seeds).Select(seed => SomeTrials.Trial(seed))],
            maxConcurrent: maxConcurrent
        );

    private Task<Domain.Api.SubmitReply> SubmitAsync(
        string key,
        IReadOnlyList<TrialSpec> trials,
        int priority = 0,
        int maxConcurrent = 8
    ) =>
        Sweep(key)
            .SubmitAsync(
                new SweepSubmission
                {
                    Name = key,
                    Source = "",
                    Resolved = "{}",
                    SubmittedBy = "test",
                    Trials = trials,
                    Priority = priority,
                    MaxConcurrentTrials = maxConcurrent,
                    MaxCrashes = 5,
                    MaxRetries = 0,
                }
            );
}
