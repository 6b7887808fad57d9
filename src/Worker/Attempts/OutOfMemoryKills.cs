using System.Globalization;

namespace Harness.Worker.Attempts;

/// <summary>
/// How many processes the kernel's out-of-memory killer has ended in a trainer's control group. It ends a trainer because
/// of a neighbour or of the container's limit, with signal 9 and without a word: the counter alone tells.
/// </summary>
/// <remarks>Control groups v2 count in <c>memory.events</c>, v1 in <c>memory.oom_control</c>.</remarks>
public sealed class OutOfMemoryKills
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string? _file;
    private readonly long _before;

    private OutOfMemoryKills(string? file) => (_file, _before) = (file, Read(file) ?? 0);

    /// <summary>Whether it has struck since.</summary>
    public bool Struck => Read(_file) > _before;

    /// <summary>Begins to count for the group of a process; one that cannot be read never counts.</summary>
    public static OutOfMemoryKills Of(int process) =>
        new(Candidates(process).FirstOrDefault(file => Read(file) is not null));

    // Of all groups of a process the one that counts memory; inside of a container the path may be the host's, and the
    // group itself stands at the root.
    private static IEnumerable<string> Candidates(int process)
    {
        foreach (var line in Lines($"/proc/{process}/cgroup"))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path])
            {
                continue;
            }

            if (controllers.Split(',').Contains("memory"))
            {
                yield return $"{Root}/memory{path.TrimEnd('/')}/memory.oom_control";
                yield return $"{Root}/memory/memory.oom_control";
            }
            else if (controllers.Length == 0)
            {
                yield return $"{Root}{path.TrimEnd('/')}/memory.events";
                yield return $"{Root}/memory.events";
            }
        }
    }

    private static long? Read(string? file) =>
        file is not null
        && Lines(file)
            .Select(line => line.Split(' '))
            .FirstOrDefault(words => words is ["oom_kill", _])
            is [_, var count]
        && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var kills)
            ? kills
            : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
