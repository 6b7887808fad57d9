using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Training.Measure;

/// <summary>Memory of this process, as the kernel and the allocator count it.</summary>
public static partial class ProcessMemory
{
    /// <summary>Resident bytes now.</summary>
    public static long Resident => Field("VmRSS:");

    /// <summary>Greatest resident bytes since the last reset.</summary>
    public static long HighWater => Field("VmHWM:");

    /// <summary>Bytes that the native allocator has handed out: small blocks and mapped ones.</summary>
    public static long Allocated
    {
        get
        {
            var info = MallInfo();
            return (long)(info.UsedSmall + info.Mapped);
        }
    }

    /// <summary>Bytes that the native heap spans, free or not; mapped blocks stand beside it.</summary>
    public static long HeapSize => (long)MallInfo().Arena;

    /// <summary>Blocks from that size on are mapped by themselves from now on.</summary>
    public static void MoveOutFrom(int bytes) => _ = MallOpt(MmapThreshold, bytes);

    /// <summary>Gives free pages of the native heap back to the kernel.</summary>
    public static void GiveBack() => _ = Trim(0);

    /// <summary>Sets the high-water mark to the resident bytes of now.</summary>
    public static void ResetHighWater() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Field(string name)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return 1024
                    * long.Parse(line[name.Length..^2].Trim(), CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException($"/proc/self/status has no {name}");
    }

    // struct mallinfo2 of glibc 2.33 and later.
    [StructLayout(LayoutKind.Sequential)]
    private struct MallocInfo
    {
        public nuint Arena;
        public nuint FreeChunks;
        public nuint FastChunks;
        public nuint MappedRegions;
        public nuint Mapped;
        public nuint Unused;
        public nuint FastFree;
        public nuint UsedSmall;
        public nuint Free;
        public nuint Releasable;
    }

    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD of malloc.h

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallOpt(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInfo MallInfo();
}
