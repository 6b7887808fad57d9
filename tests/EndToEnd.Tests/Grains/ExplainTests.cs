using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains.Dispatch;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>Why a trial does not run: each reason, as the dispatcher itself has it.</summary>
public sealed class ExplainTests(PostgresFixture postgres) : ClusterTests(postgres)
{
    private IDispatchGrain Dispatch => Cluster.Grains.GetGrain<IDispatchGrain>(0);

    [Fact]
    public async Task Without_a_worker_it_says_so()
    {
        await SubmitAsync("alone", seeds: 1);

        var why = await WhyAsync(1);

        why.State.ShouldBe(TrialState.Pending);
        why.Because.ShouldBe(["No worker is here.", "It is the first in the queue, for S-1."]);
        why.Workers.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_names_what_each_worker_lacks()
    {
        await JoinAsync("busy", slots: 1, cores: 4);
        await JoinAsync("small", slots: 4, cores: 2);
        var narrow = await JoinAsync("narrow", slots: 4, cores: 4, host: "of two");
        await JoinAsync("beside", slots: 4, cores: 4, host: "of two");
        await SubmitAsync("first", [SomeTrials.Trial(1), SomeTrials.Trial(2, threads: 3)]);
        await Find("busy").SyncAsync();
        await narrow.SyncAsync();
        await SubmitAsync("wide", [SomeTrials.Trial(9, threads: 3), Needing("abc")]);

        var wide = (await WhyAsync(3)).Workers.ToDictionary(row => row.Worker, row => row.Reason);
        wide["busy"].ShouldBe("has no free slot of 1");
        wide["small"].ShouldStartWith("is too small: 3 cores are needed, and it has 2 cores");
        wide["narrow"].ShouldStartWith("has 1 core");
        wide["beside"].ShouldStartWith("shares a host that has 1 core");
        (await WhyAsync(4))
            .Workers.First(row => row.Worker == "small")
            .Reason.ShouldStartWith("has no data file of parity");
    }

    [Fact]
    public async Task It_says_when_it_is_its_turn_and_who_goes_before()
    {
        await JoinAsync("one", slots: 1, cores: 4);
        await SubmitAsync("queue", seeds: 3);

        (await WhyAsync(1)).Because.ShouldContain("It is its turn: it begins in a moment.");
        var third = await WhyAsync(3);
        third.Because.ShouldBe(["2 trials are before it in the queue."]);
        third.Workers.ShouldHaveSingleItem().Reason.ShouldBe("takes trials that are before it");
    }

    [Fact]
    public async Task It_knows_limits_pauses_and_what_runs_or_has_ended()
    {
        var worker = await JoinAsync("one", slots: 4, cores: 4);
        await SubmitAsync("modest", seeds: 3, maxConcurrent: 1);
        await worker.SyncAsync();

        (await WhyAsync(2))
            .Because[0]
            .ShouldBe("S-1 runs 1 trial, as many as its max_concurrent_trials allows.");
        (await WhyAsync(1)).Because.ShouldHaveSingleItem().ShouldStartWith("Attempt 1");
        var lease = worker.Running.Single();
        worker.End(SomeTrials.Failed(lease.TrialId, lease.Token, FailureKind.Job));
        await worker.SyncAsync();
        (await WhyAsync(1)).Because.ShouldBe([
            "It is failed after 1 attempt: It ended by Job.",
            "`harness retry S-1 --failed` tries it again.",
        ]);

        await Dispatch.PauseAsync(1, "test");
        (await WhyAsync(3)).Because.ShouldHaveSingleItem().ShouldStartWith("S-1 is pausing");
        (await Dispatch.ExplainAsync(99)).ShouldBeNull();
    }

    private readonly Dictionary<string, TestWorker> _workers = [];

    private TestWorker Find(string name) => _workers[name];

    private async Task<TestWorker> JoinAsync(string name, int slots, int cores, string? host = null)
    {
        var worker = new TestWorker(Cluster, SomeTrials.Worker(name, slots, cores, host));
        await worker.JoinAsync();
        return _workers[name] = worker;
    }

    private async Task<TrialExplanation> WhyAsync(long trial) =>
        (await Dispatch.ExplainAsync(trial)).ShouldNotBeNull();

    private static TrialSpec Needing(string hash) => SomeTrials.Trial(10) with { DataHash = hash };
}
