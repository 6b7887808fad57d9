using System.Net;
using System.Net.Sockets;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains;
using Harness.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>Orleans' own clustering provider over our tables and statements.</summary>
public sealed class MembershipTests(PostgresFixture postgres)
{
    private const string Cluster = "test";

    [Fact]
    public async Task Two_silos_find_each_other_and_a_client_with_the_reading_role_finds_them()
    {
        await using var db = await postgres.CreateAsync();
        using var first = await StartSiloAsync(db);
        using var second = await StartSiloAsync(db);
        await Eventually.IsAsync(
            async () => await ActiveAsync(db) == 2,
            TimeSpan.FromSeconds(60),
            () => "two active silos"
        );
        using var client = await StartClientAsync(db);
        var worker = client
            .Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IWorkerGrain>("m");
        (await worker.JoinAsync(SomeTrials.Worker("m"))).LeaseSeconds.ShouldBe(20);

        await first.StopAsync(TestContext.Current.CancellationToken);

        await Eventually.IsAsync(
            async () => await ActiveAsync(db) == 1,
            TimeSpan.FromSeconds(60),
            () => "one active silo"
        );
        (
            await db.ScalarAsync<int>("select version from orleans_membership_version")
        ).ShouldBeGreaterThan(3);
        await client.StopAsync(TestContext.Current.CancellationToken);
        await second.StopAsync(TestContext.Current.CancellationToken);
    }

    private static Task<long> ActiveAsync(TestDatabase db) =>
        db.ScalarAsync<long>("select count(*) from orleans_membership where status = 3");

    private static async Task<IHost> StartSiloAsync(TestDatabase db)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(db.Silo);
        builder.Services.AddHarnessGrains(builder.Configuration);
        builder.Services.AddSerializer(serializer => serializer.AddDomainJson());
        builder.UseOrleans(silo =>
            silo.Configure<ClusterOptions>(Name)
                .UseAdoNetClustering(options =>
                {
                    options.Invariant = "Npgsql";
                    options.ConnectionString = Connection(
                        db,
                        "harness_silo",
                        PostgresFixture.Passwords.Silo
                    );
                })
                .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort())
        );
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private static async Task<IHost> StartClientAsync(TestDatabase db)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSerializer(serializer => serializer.AddDomainJson());
        builder.UseOrleansClient(client =>
            client
                .Configure<ClusterOptions>(Name)
                .UseAdoNetClustering(options =>
                {
                    options.Invariant = "Npgsql";
                    options.ConnectionString = Connection(
                        db,
                        "harness_read",
                        PostgresFixture.Passwords.Read
                    );
                })
        );
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private static void Name(ClusterOptions options) =>
        (options.ClusterId, options.ServiceId) = (Cluster, Cluster);

    private static string Connection(TestDatabase db, string role, string password) =>
        new NpgsqlConnectionStringBuilder(db.OwnerConnection)
        {
            Username = role,
            Password = password,
        }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
