using Harness.Grains;
using Harness.Grains.Disk;
using Harness.Grains.Dispatch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Serialization;
using Orleans.TestingHost;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>A silo with the product's grains over a real database.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private TestCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Starts it with short times: a lease of 3 s, a look at the clocks every 100 ms.</summary>
    public static async Task<TestCluster> StartAsync(
        NpgsqlDataSource silo,
        Action<DispatchOptions>? options = null,
        DiskGuard? disk = null
    )
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo(
            (_, host) =>
            {
                host.Services.AddSingleton(silo);
                host.Services.AddSingleton(disk ?? DiskGuard.None);
                host.Services.AddHarnessGrains(new ConfigurationBuilder().Build());
                host.Services.AddSerializer(serializer => serializer.AddDomainJson());
                host.Services.Configure<DispatchOptions>(times =>
                {
                    times.LeaseSeconds = 3;
                    times.BeatSeconds = 0.5;
                    times.HoldSeconds = 1;
                    times.TickSeconds = 0.1;
                    times.BackOffSeconds = 0;
                    options?.Invoke(times);
                });
                host.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            }
        );
        builder.ConfigureClient(client =>
            client.Services.AddSerializer(serializer => serializer.AddDomainJson())
        );
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestCluster(cluster);
    }

    /// <summary>Ends the silo as it is, and starts it anew.</summary>
    public Task RestartAsync() => _cluster.RestartSiloAsync(_cluster.Silos[0]);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
