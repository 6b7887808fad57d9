using System.Globalization;
using System.Runtime.InteropServices;
using Harness.Domain.Catalogue;

namespace Harness.Worker;

/// <summary>Facts of the machine under this worker.</summary>
public static class HostFacts
{
    // Both versions of control groups; the first that exists and sets a limit counts.
    private static readonly string[] MemoryLimits =
    [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ];

    /// <summary>Id of this boot of the machine: workers in containers on one machine share it.</summary>
    public static string BootId() =>
        Read("/proc/sys/kernel/random/boot_id") ?? Environment.MachineName;

    /// <summary>Bytes that this container, or else this machine, has.</summary>
    public static long MemoryBytes()
    {
        var total =
            1024
            * long.Parse(
                Field("/proc/meminfo", "MemTotal:")!.Split(' ')[0],
                CultureInfo.InvariantCulture
            );
        var limit = MemoryLimits
            .Select(Read)
            .Select(text =>
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                    ? bytes
                    : long.MaxValue
            )
            .Min();
        return Math.Min(total, limit);
    }

    /// <summary>Stable facts only: what may differ between two readings is no hardware.</summary>
    public static SortedDictionary<string, string> Hardware() =>
        new(StringComparer.Ordinal)
        {
            ["cpu"] =
                Field("/proc/cpuinfo", "model name")?.TrimStart(':', '\t', ' ')
                ?? RuntimeInformation.ProcessArchitecture.ToString(),
            ["cores"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["memory_gib"] = Math.Round(MemoryBytes() / (double)(1L << 30))
                .ToString(CultureInfo.InvariantCulture),
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        };

    /// <summary>What runs on it.</summary>
    public static SortedDictionary<string, string> Runtime() =>
        new(StringComparer.Ordinal)
        {
            ["system"] = RuntimeInformation.OSDescription,
            ["dotnet"] = Environment.Version.ToString(),
            ["build"] = typeof(HostFacts).Assembly.GetName().Version?.ToString() ?? "unknown",
        };

    /// <summary>Tasks whose data set this machine has, with the SHA-256 of the unpacked file.</summary>
    public static SortedDictionary<string, string> Data()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var task in TrainerCatalogue.Current.Tasks.Where(task => task.DataHash is not null)
        )
        {
            if (TaskData.Hash(task.DataFile!) == task.DataHash)
            {
                found[task.Name] = task.DataHash!;
            }
        }

        return found;
    }

    private static string? Read(string path) =>
        File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    private static string? Field(string path, string name) =>
        File.Exists(path)
            ? File.ReadLines(path)
                .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
                ?[name.Length..].Trim()
            : null;
}
