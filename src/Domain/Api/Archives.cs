namespace Harness.Domain.Api;

/// <summary>A part of an archive: rows of one table, each a JSON object.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">Its rows, or some of them.</param>
/// <param name="Next">Where the next part begins; null: this is the last.</param>
public sealed record ArchivePart(string Table, IReadOnlyList<string> Rows, ArchivePlace? Next);

/// <summary>A place in an archive that is being written.</summary>
/// <param name="Table">Number of the table.</param>
/// <param name="Trial">Rows of trials behind this one.</param>
public sealed record ArchivePlace(int Table, long Trial);

/// <summary>The last file of an archive: what is in it. Only an archive that has it is whole.</summary>
public sealed record ArchiveManifest
{
    /// <summary>Form of the archive: <see cref="Version"/>.</summary>
    public required int Format { get; init; }

    /// <summary>Version of the harness that wrote it.</summary>
    public required string Harness { get; init; }

    /// <summary>Id of the database that it is from: there its numbers mean the same again.</summary>
    public required string Store { get; init; }

    /// <summary>The sweep, as it was called there.</summary>
    public required string Sweep { get; init; }

    /// <summary>Its files, in the order in which they are to be read.</summary>
    public required IReadOnlyList<ArchiveEntry> Entries { get; init; }

    /// <summary>Raised when an older harness could not read it any more.</summary>
    public const int Version = 1;
}

/// <summary>A file of an archive.</summary>
/// <param name="Table">Table whose rows it holds, a JSON object a line.</param>
/// <param name="Rows">How many.</param>
/// <param name="Hash">SHA-256 of its bytes.</param>
public sealed record ArchiveEntry(string Table, long Rows, string Hash);

/// <summary>What became of an archive.</summary>
/// <param name="Sweep">The sweep, as it is called here.</param>
/// <param name="Trials">Trials that were read back.</param>
/// <param name="Shared">Trials that were here already, with the same result.</param>
public sealed record Restored(string Sweep, long Trials, long Shared);
