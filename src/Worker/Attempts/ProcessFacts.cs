using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Worker.Attempts;

/// <summary>What the kernel tells of a trainer, and what can be done to it.</summary>
public static partial class ProcessFacts
{
    private const int Terminate = 15;
    private const int Kill = 9;
    private const double TicksPerSecond = 100; // USER_HZ on Linux

    /// <summary>Resident bytes, or null when it has ended.</summary>
    public static long? Resident(int process) =>
        Read($"/proc/{process}/statm") is { } text
            ? long.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture)
                * Environment.SystemPageSize
            : null;

    /// <summary>CPU seconds of all its threads, or null when it has ended.</summary>
    public static double? CpuSeconds(int process) =>
        Stat(process) is { } fields
            ? (Number(fields[11]) + Number(fields[12])) / TicksPerSecond
            : null;

    /// <summary>When it began, in ticks since the boot, or null when it has ended.</summary>
    public static long? Started(int process) =>
        Stat(process) is { } fields && fields[0] is not ("Z" or "X") ? Number(fields[19]) : null;

    /// <summary>Number of its group, or null when it has ended.</summary>
    public static int? Group(int process) =>
        Stat(process) is { } fields && fields[0] is not ("Z" or "X")
            ? (int)Number(fields[2])
            : null;

    /// <summary>All processes that this one can see.</summary>
    public static IEnumerable<int> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder =>
                int.TryParse(
                    Path.GetFileName(folder),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var process
                )
                    ? process
                    : 0
            )
            .Where(process => process > 0);

    /// <summary>Whether it was started with this variable; false where that cannot be read.</summary>
    public static bool HasVariable(int process, string name, string value) =>
        Read($"/proc/{process}/environ") is { } text
        && text.Split('\0').Contains($"{name}={value}", StringComparer.Ordinal);

    /// <summary>Makes the kernel choose this process first when memory runs out, not its worker.</summary>
    public static void OfferToOutOfMemoryKiller(int process)
    {
        try
        {
            File.WriteAllText($"/proc/{process}/oom_score_adj", "900");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It has ended already.
        }
    }

    /// <summary>Asks a trainer's group to end.</summary>
    public static void TerminateGroup(int process) => Signal(process, Terminate);

    /// <summary>Ends a trainer's group.</summary>
    public static void KillGroup(int process) => Signal(process, Kill);

    /// <summary>Ends what a trainer that is gone has left of its group, never a process that was given its number.</summary>
    public static void KillRest(int process) => _ = SendSignal(-process, Kill);

    /// <summary>Ends one process.</summary>
    public static void KillOne(int process) => _ = SendSignal(process, Kill);

    // The trainer leads a group of its own; before it has made it, only itself can be meant.
    private static void Signal(int process, int signal)
    {
        if (SendSignal(-process, signal) != 0)
        {
            _ = SendSignal(process, signal);
        }
    }

    // From field 3 on: behind the command, which may hold blanks.
    private static string[]? Stat(int process) =>
        Read($"/proc/{process}/stat") is { } text
            ? text[(text.LastIndexOf(')') + 2)..].Split(' ')
            : null;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
