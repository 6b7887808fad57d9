using System.Globalization;

namespace Harness.Worker.Attempts;

/// <summary>
/// Which process works in a folder, written there: a later worker tells it from another process that was given the same
/// number meanwhile.
/// </summary>
/// <param name="Id">Number of the process, and of its group where it leads one.</param>
/// <param name="Started">When it began, in the kernel's ticks since the boot.</param>
/// <param name="Boot">Which boot of the machine.</param>
public sealed record ProcessRecord(int Id, long Started, string Boot)
{
    private const string Name = "process";

    /// <summary>Whether exactly this process is there.</summary>
    public bool Lives => Of(Id) == this;

    /// <summary>The process with that number, or null when there is none.</summary>
    public static ProcessRecord? Of(int process) =>
        ProcessFacts.Started(process) is { } started
            ? new ProcessRecord(process, started, HostFacts.BootId())
            : null;

    /// <summary>Notes a process in its folder.</summary>
    public static void Write(string folder, int process)
    {
        if (Of(process) is { } record)
        {
            File.WriteAllText(
                Path.Combine(folder, Name),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{record.Id} {record.Started} {record.Boot}\n"
                )
            );
        }
    }

    /// <summary>What is noted in a folder; null where nothing is, or nothing whole.</summary>
    public static ProcessRecord? Read(string folder)
    {
        var file = Path.Combine(folder, Name);
        return
            File.Exists(file)
            && File.ReadAllText(file).Split(' ', '\n') is [var id, var started, var boot, ""]
            && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var tick)
            ? new ProcessRecord(process, tick, boot)
            : null;
    }
}
