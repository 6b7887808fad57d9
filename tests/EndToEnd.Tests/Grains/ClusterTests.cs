using Harness.Domain.Trials;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains.Disk;
using Harness.Grains.Sweeps;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>A silo over a fresh database; at its end no history may break a rule.</summary>
public abstract class ClusterTests(PostgresFixture postgres) : IAsyncLifetime
{
    private protected TestDatabase Db { get; private set; } = null!;

    private protected virtual DiskGuard Disk => DiskGuard.None;

    private protected TestCluster Cluster { get; private set; } = null!;

    private protected Control Tables { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Db = await postgres.CreateAsync();
        Tables = new Control(Db);
        Cluster = await TestCluster.StartAsync(Db.Silo, disk: Disk);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
            (await Tables.ViolationsAsync()).ShouldBeEmpty();
            await Db.DisposeAsync();
        }
    }

    private protected ISweepGrain Sweep(string key) => Cluster.Grains.GetGrain<ISweepGrain>(key);

    private protected Task<Domain.Api.SubmitReply> SubmitAsync(
        string key,
        int seeds,
        int maxConcurrent = 8
    ) =>
        SubmitAsync(
            key,
            [.. Enumerable.Range(1, seeds).Select(seed => SomeTrials.Trial(seed))],
            maxConcurrent: maxConcurrent
        );

    private protected Task<Domain.Api.SubmitReply> SubmitAsync(
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
