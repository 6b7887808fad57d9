using Harness.Grains;
using Harness.Grains.Cluster;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Harness.Dashboard.Cluster;

/// <summary>
/// The connection to the silos, in a host of its own: pages and lists are there before a silo is and while none is,
/// and the connection is made as soon as one answers.
/// </summary>
public sealed partial class ClusterConnection(
    DashboardSettings settings,
    ILoggerFactory loggers,
    ILogger<ClusterConnection> log
) : BackgroundService, ICluster
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private volatile IClusterClient? _client;

    /// <inheritdoc/>
    public bool IsConnected => _client is not null;

    /// <inheritdoc/>
    public IGrainFactory Grains => _client ?? throw new ClusterUnavailableException();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var host = Build();
        try
        {
            await host.StartAsync(stoppingToken);
            _client = host.Services.GetRequiredService<IClusterClient>();
            Connected(log, settings.ClusterId);
            await Task.Delay(Timeout.Infinite, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _client = null;
        }

        await host.StopAsync(CancellationToken.None);
    }

    private IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(loggers);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = settings.ClusterId;
                cluster.ServiceId = "harness";
            });
            client.UseAdoNetClustering(membership =>
            {
                membership.Invariant = "Npgsql";
                membership.ConnectionString = settings.ConnectionString();
            });
            client.UseConnectionRetryFilter(
                async (failure, cancellation) =>
                {
                    NotConnected(log, failure.Message);
                    await Task.Delay(Pause, cancellation);
                    return true;
                }
            );
            client.AddActivityPropagation();
            client.UseClusterHandshake(settings.ClusterSecret);
            client.Services.AddSerializer(serializer => serializer.AddDomainJson());
        });
        return builder.Build();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the cluster {Cluster}")]
    private static partial void Connected(ILogger logger, string cluster);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No silo answers yet: {Reason}")]
    private static partial void NotConnected(ILogger logger, string reason);
}
