using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Training.Measure;

/// <summary>CPU time of this process and wall time since its start.</summary>
public static partial class ProcessClock
{
    private const int ProcessCpuTime = 2; // CLOCK_PROCESS_CPUTIME_ID

    private static readonly long Origin = Stopwatch.GetTimestamp();

    // What passed before the first look at the clock belongs to the process as well.
    private static readonly double Before = SinceStart();

    /// <summary>CPU seconds of all threads.</summary>
    public static double Cpu
    {
        get
        {
            _ = ClockGetTime(ProcessCpuTime, out var time);
            return time.Seconds + time.Nanoseconds * 1e-9;
        }
    }

    /// <summary>Monotonic seconds since the process began.</summary>
    public static double Wall => Before + Stopwatch.GetElapsedTime(Origin).TotalSeconds;

    private static double SinceStart()
    {
        // Field 22 of stat: start in ticks since boot, 100 a second on Linux; uptime: seconds since boot.
        var stat = File.ReadAllText("/proc/self/stat");
        var ticks = double.Parse(
            stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19],
            CultureInfo.InvariantCulture
        );
        var uptime = double.Parse(
            File.ReadAllText("/proc/uptime").Split(' ')[0],
            CultureInfo.InvariantCulture
        );
        return Math.Max(0, uptime - ticks / 100);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);
}
