using System.Security.Cryptography;
using Harness;
using Harness.Dashboard;
using Harness.Dashboard.Access;
using Harness.Dashboard.Cluster;
using Harness.Grains.Disk;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpenTelemetry.Trace;

return await HostSettings.RunAsync(async () =>
{
    var settings = new DashboardSettings
    {
        Listen = HostSettings.Find("HARNESS_LISTEN") ?? "http://127.0.0.1:5080",
        Database = HostSettings.Require(
            "HARNESS_DATABASE",
            "the connection string of the database"
        ),
        DatabasePassword = HostSettings.Find("HARNESS_DATABASE_PASSWORD"),
        ClusterId = HostSettings.Require("HARNESS_CLUSTER_ID", "the id that the silos have"),
        ClusterSecret = HostSettings.Require(
            "HARNESS_CLUSTER_SECRET",
            "the secret that the silos have"
        ),
        Token = HostSettings.Find("HARNESS_TOKEN"),
        Hosts =
            HostSettings
                .Find("HARNESS_HOSTS")
                ?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ?? [],
        Disk = DiskGuard.Of(HostSettings.Find),
    }.Checked();
    // Nobody chose a token: pages and API are still not open to every program on this machine.
    var token = settings.Token ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    var builder = DashboardHost.CreateBuilder(
        settings,
        [AccessToken.Of("admin", Role.Admin, token)]
    );
    HostSettings.LogToStandardError(builder);
    builder.Logging.SetMinimumLevel(LogLevel.Information);
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    // What changes something is traced; pages, polls and streams are counted in the metrics.
    Telemetry.Add(
        builder,
        "harness-dashboard",
        tracing =>
            tracing.AddAspNetCoreInstrumentation(options =>
                options.Filter = http =>
                    !HttpMethods.IsGet(http.Request.Method)
                    && !HttpMethods.IsHead(http.Request.Method)
            )
    );
    builder.Services.AddSingleton<ClusterConnection>();
    builder.Services.AddSingleton<ICluster>(services =>
        services.GetRequiredService<ClusterConnection>()
    );
    builder.Services.AddHostedService(services => services.GetRequiredService<ClusterConnection>());

    await using var app = builder.Build();
    DashboardHost.Use(app);
    HostSettings.WatchLifeline(app);
    await app.StartAsync();
    var address = app
        .Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!
        .Addresses.First();
    // The one line on standard output: who started this program with port 0 learns the port from it.
    Console.WriteLine($"listening {address}");
    if (settings.Token is null)
    {
        await Console.Error.WriteLineAsync($"Open {address}/?token={token}");
    }

    await app.WaitForShutdownAsync();
});
