using Harness.Domain.Metrics;

namespace Harness.Domain;

/// <summary>How much of a disk must stay free: below it the database is in danger, and nothing new is taken.</summary>
/// <param name="Bytes">Least free bytes.</param>
/// <param name="Percent">Least free share of the disk, in percent.</param>
public sealed record LowWater(long Bytes, double Percent)
{
    // Five percent of a large disk are no danger: above this much it counts as free.
    private const long Ample = 10L << 30;

    /// <summary>A database that runs full ends itself; a gibibyte is what half a minute of work may write.</summary>
    public static LowWater Default { get; } = new(1L << 30, 5);

    /// <summary>Bytes that must be free on a disk of that size.</summary>
    public long Limit(long total) =>
        Math.Max(Bytes, Math.Min(Ample, (long)(total * (Percent / 100))));

    /// <summary>Whether too little is free.</summary>
    public bool IsLow(DiskSpace disk) => disk.Free < Limit(disk.Total);

    /// <summary>What a person is told: how much, where, and what follows.</summary>
    public string Sentence(DiskSpace disk) =>
        $"The disk of {disk.Path} has {Format.Bytes(disk.Free)} free, and {Format.Bytes(Limit(disk.Total))} must be: "
        + "free some space; until then no sweep is taken and no trial begins, what runs goes on.";
}

/// <summary>Space of the disk under a folder.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Free">Bytes that this user may still write.</param>
/// <param name="Total">Bytes of the disk.</param>
public sealed record DiskSpace(string Path, long Free, long Total)
{
    /// <summary>Asks the system; throws an <see cref="IOException"/> where the folder is not there.</summary>
    public static DiskSpace Of(string path)
    {
        var drive = new DriveInfo(path);
        return new(path, drive.AvailableFreeSpace, drive.TotalSize);
    }
}
