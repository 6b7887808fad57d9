using Harness.Domain.Api;

namespace Harness.Grains.Archives;

/// <summary>
/// One archive that is read back: it holds a transaction from its beginning to its end, so that nothing is written where
/// it is broken off. The key is drawn for it.
/// </summary>
[Alias("harness.restore")]
public interface IRestoreGrain : IGrainWithGuidKey
{
    /// <summary>Begins.</summary>
    /// <param name="store">Id of the database that the archive is from.</param>
    /// <param name="by">Who asks.</param>
    [Alias("begin")]
    Task BeginAsync(string store, string by);

    /// <summary>Writes rows of a table; tables come in the order of the archive. A sentence where it cannot be.</summary>
    [Alias("add")]
    [ResponseTimeout("00:01:00")]
    Task<string?> AddAsync(string table, IReadOnlyList<string> rows);

    /// <summary>All of it is there.</summary>
    [Alias("commit")]
    [ResponseTimeout("00:01:00")]
    Task<Restored> CommitAsync();

    /// <summary>Nothing of it is to be written.</summary>
    [Alias("drop")]
    Task DropAsync();
}
