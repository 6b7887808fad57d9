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

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInfo MallInfo();
}
