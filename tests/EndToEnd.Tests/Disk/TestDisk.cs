using Harness.Domain;
using Harness.Grains.Disk;

namespace Harness.EndToEnd.Tests.Disk;

/// <summary>A disk whose free space the test decides.</summary>
internal sealed class TestDisk
{
    public TestDisk() =>
        Guard = new(
            ["/disk"],
            LowWater.Default,
            path => new DiskSpace(path, Free, 100L << 30),
            TimeProvider.System
        );

    public DiskGuard Guard { get; }

    public long Free { get; set; } = 50L << 30;

    public const string Told =
        "The disk of /disk has 1.00 GiB free, and 5.00 GiB must be: free some space; "
        + "until then no sweep is taken and no trial begins, what runs goes on.";

    public void RunFull() => Free = 1L << 30;
}
