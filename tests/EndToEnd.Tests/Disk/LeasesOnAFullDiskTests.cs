using Harness.EndToEnd.Tests.Grains;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains;
using Harness.Grains.Disk;

namespace Harness.EndToEnd.Tests.Disk;

/// <summary>While the disk runs full nothing new begins, what runs ends and is stored, and then it goes on by itself.</summary>
public sealed class LeasesOnAFullDiskTests(PostgresFixture postgres) : ClusterTests(postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TestDisk _disk = new();

    private protected override DiskGuard Disk => _disk.Guard;

    [Fact]
    public async Task Nothing_new_begins_and_what_runs_is_stored_until_there_is_space()
    {
        var worker = new TestWorker(Cluster, "one"); // two slots
        await worker.JoinAsync();
        await SubmitAsync("full", seeds: 4);
        await Eventually.IsAsync(
            async () =>
            {
                await worker.SyncAsync();
                return worker.Running.Count == 2;
            },
            Limit,
            () => "both slots are busy"
        );

        _disk.RunFull();
        await Eventually.IsAsync(
            () => Task.FromResult(_disk.Guard.Sentence is not null),
            Limit,
            () => "the guard sees it"
        );
        (
            await Should.ThrowAsync<DiskLowException>(() => SubmitAsync("late", seeds: 1))
        ).Message.ShouldBe(TestDisk.Told);
        foreach (var lease in worker.Running.ToList())
        {
            worker.End(SomeTrials.Completed(lease.TrialId, lease.Token));
        }

        // Two whole calls, held to their end: results are taken, and no lease comes back.
        await worker.SyncAsync();
        await worker.SyncAsync();
        worker.Running.ShouldBeEmpty();
        (await Db.ScalarAsync<long>("select count(*) from result")).ShouldBe(2);
        (await Db.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(1);

        _disk.Free = 50L << 30;
        await Eventually.IsAsync(
            async () =>
            {
                await worker.WorkAsync();
                return await Tables.SweepStateAsync(1) == "completed";
            },
            Limit,
            () => "it goes on by itself"
        );
    }
}
