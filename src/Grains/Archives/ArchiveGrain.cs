using Harness.Domain.Api;
using Harness.Storage.Archives;
using Harness.Storage.Workers;

namespace Harness.Grains.Archives;

/// <summary>Reads from the tables, which the dashboard's role does not see.</summary>
internal sealed class ArchiveGrain(ArchiveReader reader, WorkerStore workers) : Grain, IArchiveGrain
{
    public Task<string> StoreAsync() =>
        Outage.GuardAsync(() => workers.DatabaseAsync(CancellationToken.None));

    public Task<ArchivePart> ReadAsync(ArchivePlace? place) =>
        Outage.GuardAsync(() =>
            reader.ReadAsync(this.GetPrimaryKeyLong(), place, CancellationToken.None)
        );
}
