using Harness.Domain.Api;
using Harness.Storage.Retention;

namespace Harness.Grains.Retention;

/// <summary>Collects what nobody asks for any more.</summary>
internal sealed class RetentionGrain(GarbageStore garbage) : Grain, IRetentionGrain
{
    public Task<GarbageReport> CollectAsync(Dictionary<string, double> keep, bool dryRun) =>
        Outage.GuardAsync(() => garbage.CollectAsync(keep, dryRun, CancellationToken.None));
}
