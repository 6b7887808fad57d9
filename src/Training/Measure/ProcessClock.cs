using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Training.Measure;

/// <summary>CPU time of this process and wall time since its start; of a spare trainer, since its trial came.</summary>
public static partial class ProcessClock
{
    private const int ProcessCpuTime = 2; // CLOCK_PROCESS_CPUTIME_ID

    private static long _origin = Stopwatch.GetTimestamp();

    // What passed before the first look at the clock belongs to the process as well.
    private static double _before = SinceStart();

    private static double _cpuBefore;

    /// <summary>CPU seconds of all threads.</summary>
    public static double Cpu => OfProcess() - _cpuBefore;

    /// <summary>Monotonic seconds since the process began.</summary>
    public static double Wall => _before + Stopwatch.GetElapsedTime(_origin).TotalSeconds;

    /// <summary>Begins anew: what a spare trainer did before its trial came is no part of the trial.</summary>
    public static void Restart() =>
        (_origin, _before, _cpuBefore) = (Stopwatch.GetTimestamp(), 0, OfProcess());

    private static double OfProcess()
    {
        _ = ClockGetTime(ProcessCpuTime, out var time);
        return time.Seconds + time.Nanoseconds * 1e-9;
    }

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
