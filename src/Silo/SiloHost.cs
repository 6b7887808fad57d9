using System.Net.Sockets;
using Harness.Domain;
using Harness.Grains;
using Harness.Silo.Checkpoints;
using Harness.Silo.Cluster;
using Harness.Silo.Health;
using Harness.Silo.Workers;
using Harness.Storage;
using Harness.Storage.Checkpoints;
using Microsoft.AspNetCore.Connections;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Harness.Silo;

/// <summary>The host of the grains and of the workers' endpoint.</summary>
public static class SiloHost
{
    /// <summary>Runs until it is asked to stop.</summary>
    public static async Task RunAsync()
    {
        var settings = SiloSettings.Read();
        await DatabaseCheck.RunAsync(settings.Database);
        await using var app = Build(settings);
        HostSettings.WatchLifeline(app);
        try
        {
            await app.StartAsync();
        }
        catch (Exception failure) when (TakenPort(failure))
        {
            throw new HarnessException(
                $"A port is taken ({failure.GetBaseException().Message}): change HARNESS_SILO_PORT ({settings.SiloPort}), HARNESS_GATEWAY_PORT ({settings.GatewayPort}) or HARNESS_WORKER_LISTEN ({settings.WorkerListen}).",
                HarnessException.Infrastructure,
                failure
            );
        }

        foreach (var url in app.Urls)
        {
            Console.WriteLine($"listening {url}");
        }

        await app.WaitForShutdownAsync();
    }

    private static WebApplication Build(SiloSettings settings)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        HostSettings.LogToStandardError(builder);
        // Requests are not traced: polls would bury the trials' traces, which attempts carry in their leases.
        Telemetry.Add(builder, "harness-silo");
        builder.WebHost.UseUrls(settings.WorkerListen);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton<NpgsqlDataSource>(_ =>
            Database.Open(settings.Database, password: null)
        );
        builder.Services.AddHarnessGrains(builder.Configuration);
        builder.Services.AddSerializer(serializer => serializer.AddDomainJson());
        builder
            .Services.AddSingleton(settings.Checkpoints)
            .AddSingleton(new BlobFolder(settings.Checkpoints.Folder, TimeProvider.System))
            .AddSingleton<CheckpointStore>()
            .AddSingleton<CheckpointEndpoint>()
            .AddHostedService<CheckpointCollector>();
        builder.UseOrleans(silo => Configure(silo, settings));
        var app = builder.Build();
        app.MapHealth();
        app.MapWorkers(settings.JoinToken);
        return app;
    }

    // Probes of the membership keep their defaults: shortened ones kill live silos on busy machines.
    private static void Configure(ISiloBuilder silo, SiloSettings settings)
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = settings.ClusterId;
            cluster.ServiceId = "harness";
        });
        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = "Npgsql";
            clustering.ConnectionString = settings.Database;
        });
        silo.ConfigureEndpoints(
            settings.Advertise,
            settings.SiloPort,
            settings.GatewayPort,
            listenOnAnyHostAddress: false
        );
        silo.UseClusterHandshake(settings.ClusterSecret);
        silo.AddActivityPropagation();
    }

    private static bool TakenPort(Exception failure) =>
        failure
            is AddressInUseException
                or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        || (failure.InnerException is { } inner && TakenPort(inner));
}
