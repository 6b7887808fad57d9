using Harness.Worker.Attempts;

namespace Harness.Worker.Folder;

/// <summary>
/// Trainers whose worker died and which did not notice: one whose lifeline does not work would go on for ever beside the
/// next attempt. They are told by the record in their folder, so that no process which was merely given the same number
/// is ever ended.
/// </summary>
internal static class Leftovers
{
    private static readonly string[] Folders = ["attempt-*", "standby-*", "checkpoint-*"];
    private const int Turns = 200; // ten seconds for the kernel to take them down
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    /// <summary>Ends what still runs in a worker's folder, and removes the folders of attempts.</summary>
    public static async Task ClearAsync(
        string scratch,
        Action<string> said,
        CancellationToken cancellation
    )
    {
        foreach (
            var folder in Folders
                .SelectMany(name => Directory.GetDirectories(scratch, name))
                .Order()
        )
        {
            if (ProcessRecord.Read(folder) is { } record)
            {
                await EndAsync(folder, record, said, cancellation);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task EndAsync(
        string folder,
        ProcessRecord record,
        Action<string> said,
        CancellationToken cancellation
    )
    {
        var left = Left(folder, record).ToList();
        if (left.Count == 0)
        {
            return;
        }

        said(
            $"a worker that died left a trainer in {folder}: ending process {string.Join(", ", left)}"
        );
        using var beat = new PeriodicTimer(Beat);
        for (var turn = 0; left.Count > 0 && turn < Turns; turn++)
        {
            left.ForEach(ProcessFacts.KillOne);
            await beat.WaitForNextTickAsync(cancellation);
            left = [.. Left(folder, record)];
        }

        if (left.Count > 0)
        {
            said($"process {string.Join(", ", left)} does not end: the kernel holds it");
        }
    }

    // The trainer itself by its number and start; of its group whoever was started in its folder: a group may outlive
    // its leader, and a number is not given away while a group bears it.
    private static IEnumerable<int> Left(string folder, ProcessRecord record)
    {
        var lives = record.Lives;
        return ProcessFacts
            .All()
            .Where(process =>
                (process == record.Id && lives)
                || (
                    ProcessFacts.Group(process) == record.Id
                    && process != Environment.ProcessId
                    && (lives || ProcessFacts.HasVariable(process, "HOME", folder))
                )
            );
    }
}
