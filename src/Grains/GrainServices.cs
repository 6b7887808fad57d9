using Harness.Grains.Disk;
using Harness.Grains.Dispatch;
using Harness.Storage.Archives;
using Harness.Storage.Claims;
using Harness.Storage.Dispatch;
using Harness.Storage.Invariants;
using Harness.Storage.Metrics;
using Harness.Storage.Readers;
using Harness.Storage.Retention;
using Harness.Storage.Sweeps;
using Harness.Storage.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Harness.Grains;

/// <summary>What a silo must offer to its grains.</summary>
public static class GrainServices
{
    /// <summary>Registers stores, options and serialization. The host registers its <see cref="NpgsqlDataSource"/>.</summary>
    /// <param name="services">Of a silo.</param>
    /// <param name="configuration">May hold HARNESS_LEASE_SECONDS, HARNESS_BEAT_SECONDS and the settings of <see cref="DiskGuard"/>.</param>
    public static IServiceCollection AddHarnessGrains(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MetricStore>();
        services.TryAddSingleton<ClaimStore>();
        services.TryAddSingleton<SweepStore>();
        services.TryAddSingleton<SweepChangeStore>();
        services.TryAddSingleton<SweepRemoval>();
        services.TryAddSingleton<GarbageStore>();
        services.TryAddSingleton<WorkerStore>();
        services.TryAddSingleton<ArchiveReader>();
        services.TryAddSingleton<DispatchStore>();
        services.TryAddSingleton<DispatchLoader>();
        services.TryAddSingleton<StandingReader>();
        services.TryAddSingleton<InvariantReader>();
        services.TryAddSingleton<TrialReader>();
        services.TryAddSingleton<SweepReader>();
        services.TryAddSingleton(DiskGuard.Of(name => configuration[name]));
        services
            .AddOptions<DispatchOptions>()
            .Configure(options =>
            {
                options.LeaseSeconds = configuration.GetValue(
                    "HARNESS_LEASE_SECONDS",
                    options.LeaseSeconds
                );
                options.BeatSeconds = configuration.GetValue(
                    "HARNESS_BEAT_SECONDS",
                    options.BeatSeconds
                );
            })
            .Validate(
                options =>
                    options.BeatSeconds > 0 && options.LeaseSeconds >= 2 * options.BeatSeconds,
                "HARNESS_LEASE_SECONDS must be at least twice HARNESS_BEAT_SECONDS, and both above 0."
            );
        return services;
    }
}
