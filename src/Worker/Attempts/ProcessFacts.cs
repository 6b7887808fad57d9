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
    public static double? CpuSeconds(int process)
    {
        if (Read($"/proc/{process}/stat") is not { } text)
        {
            return null;
        }

        // Fields 14 and 15, counted from behind the command, which may hold blanks.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (
                long.Parse(fields[11], CultureInfo.InvariantCulture)
                + long.Parse(fields[12], CultureInfo.InvariantCulture)
            ) / TicksPerSecond;
    }

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

    // The trainer leads a group of its own; before it has made it, only itself can be meant.
    private static void Signal(int process, int signal)
    {
        if (SendSignal(-process, signal) != 0)
        {
            _ = SendSignal(process, signal);
        }
    }

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
