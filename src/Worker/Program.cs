using Harness;
using Harness.Worker;
using Harness.Worker.Silo;
using Harness.Worker.Standby;

return await HostSettings.RunAsync(async () =>
{
    var settings = WorkerSettings.Read();
    var builder = Host.CreateApplicationBuilder();
    HostSettings.LogToStandardError(builder);
    Telemetry.Add(builder, "harness-worker");
    builder
        .Services.AddSingleton(settings)
        .AddSingleton<SiloClient>()
        .AddSingleton<CheckpointClient>()
        .AddSingleton<StandbyTrainers>()
        .AddSingleton<LeaseLoop>()
        .AddHostedService(services => services.GetRequiredService<LeaseLoop>());
    using var host = builder.Build();
    HostSettings.WatchLifeline(host);
    var loop = host.Services.GetRequiredService<LeaseLoop>();
    await host.RunAsync();
    if (loop.Fault is { } fault)
    {
        throw fault;
    }
});
