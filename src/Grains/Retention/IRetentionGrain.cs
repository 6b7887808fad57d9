using Harness.Domain.Api;

namespace Harness.Grains.Retention;

/// <summary>What is kept, and for how long. One activation, key 0: two collections at once would do the work twice.</summary>
[Alias("harness.retention")]
public interface IRetentionGrain : IGrainWithIntegerKey
{
    /// <summary>Removes, or with <paramref name="dryRun"/> counts, what is older than these ages.</summary>
    /// <param name="keep">Seconds by kind; a kind that is not named has its own.</param>
    /// <param name="dryRun">Whether nothing is removed.</param>
    [Alias("collect")]
    [ResponseTimeout("00:10:00")]
    Task<GarbageReport> CollectAsync(Dictionary<string, double> keep, bool dryRun);
}
