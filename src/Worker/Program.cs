using Harness;
using Harness.Worker;
using Harness.Worker.Silo;

return await HostSettings.RunAsync(async () =>
{
    var settings = WorkerSettings.Read();
    var builder = Host.CreateApplicationBuilder();
    HostSettings.LogToStandardError(builder);
    Telemetry.Add(builder, "harness-worker");
    builder
        .Services.AddSingleton(settings)
        .AddSingleton<SiloClient>()
        .AddHostedService<LeaseLoop>();
    using var host = builder.Build();
    HostSettings.WatchLifeline(host);
    await host.RunAsync();
});
