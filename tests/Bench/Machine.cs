using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Harness.Domain;

namespace Harness.Bench;

/// <summary>What the figures were taken on. A figure without this line says nothing.</summary>
internal static class Machine
{
    /// <summary>One line: processor, cores, memory, system, runtime, build.</summary>
    public static string Line()
    {
        var model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[1]
            .Trim();
        var memory = long.Parse(
            File.ReadLines("/proc/meminfo")
                .First()
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{model ?? "unknown processor"}, {Environment.ProcessorCount} cores, {memory >> 20} GiB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, harness {Version()}"
        );
    }

    /// <summary>Load averages of the last minute, five and fifteen.</summary>
    public static string Load() =>
        string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    private static string Version() =>
        typeof(HarnessException)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;

    /// <summary>Highest resident memory of a process since <see cref="ForgetPeak"/>, in MiB.</summary>
    public static double PeakMebibytes(int process) =>
        long.Parse(
            File.ReadLines($"/proc/{process}/status")
                .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        ) / 1024.0;

    /// <summary>Lets the kernel count the peak anew.</summary>
    public static void ForgetPeak(int process) =>
        File.WriteAllText($"/proc/{process}/clear_refs", "5");

    /// <summary>Sends a signal.</summary>
    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start(
            "kill",
            [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]
        );
        kill.WaitForExit();
    }
}
