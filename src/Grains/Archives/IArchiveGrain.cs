using Harness.Domain.Api;

namespace Harness.Grains.Archives;

/// <summary>Reads a sweep that has ended, a part at a time. The key is the sweep's number.</summary>
[Alias("harness.archive")]
public interface IArchiveGrain : IGrainWithIntegerKey
{
    /// <summary>Id of the database: what numbers mean.</summary>
    [Alias("store")]
    Task<string> StoreAsync();

    /// <summary>The part at a place; null: the first.</summary>
    [Alias("read")]
    [ResponseTimeout("00:01:00")]
    Task<ArchivePart> ReadAsync(ArchivePlace? place);
}
