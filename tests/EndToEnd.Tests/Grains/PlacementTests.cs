using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>Who gets which trial, and when.</summary>
public sealed class PlacementTests(PostgresFixture postgres) : ClusterTests(postgres)
{
    [Fact]
    public async Task Five_workers_on_one_host_share_its_cores()
    {
        var workers = Enumerable
            .Range(1, 5)
            .Select(n => new TestWorker(Cluster, SomeTrials.Worker($"w{n}", host: "one-host")))
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
                Cluster,
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
                return await Tables.SweepStateAsync(1) == "completed";
            },
            TimeSpan.FromSeconds(60),
            () => "the sweep ends"
        );

        (await Db.ScalarAsync<long>("select count(distinct worker) from attempt")).ShouldBe(3);
    }

    [Fact]
    public async Task A_wide_trial_is_not_starved_by_narrow_ones_behind_it()
    {
        var worker = new TestWorker(Cluster, "wide");
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
        var worker = new TestWorker(Cluster, "first");
        await worker.JoinAsync();

        await worker.SyncAsync();

        worker.Running.Select(lease => lease.Spec.Seed).ShouldBe([100, 101]);
    }

    [Fact]
    public async Task No_more_trials_of_a_sweep_run_than_it_allows()
    {
        await SubmitAsync("one-by-one", seeds: 4, maxConcurrent: 1);
        var worker = new TestWorker(Cluster, "modest");
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
        var without = new TestWorker(Cluster, "without");
        var with = new TestWorker(
            Cluster,
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
}
