using System.Globalization;

namespace Harness.Bench;

/// <summary>CPU seconds of programs with all that they started, from /proc.</summary>
/// <remarks>
/// A process counts its own time and that of children that it has buried, so the sum over all that live is the whole.
/// The kernel counts in hundredths of a second: figures below a tenth say little.
/// </remarks>
internal static class CpuClock
{
    /// <summary>Name of this process: of the simulated workers.</summary>
    public const string Own = "bench";

    private const double Tick = 0.01;

    /// <summary>Of each child program of this process, by name: database, silo, dashboard, workers, trainers.</summary>
    public static IReadOnlyDictionary<string, double> Read()
    {
        var all = ProcessTable.Read();
        var seconds = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var process in all.Descendants(Environment.ProcessId))
        {
            var name = all.ProgramOf(process.Id);
            seconds[name] = seconds.GetValueOrDefault(name) + process.Ticks * Tick;
        }

        seconds[Own] = Environment.CpuUsage.TotalTime.TotalSeconds;
        return seconds;
    }

    /// <summary>What was used between two readings.</summary>
    public static double Between(
        IReadOnlyDictionary<string, double> before,
        IReadOnlyDictionary<string, double> after,
        params string[] programs
    ) => programs.Sum(name => after.GetValueOrDefault(name) - before.GetValueOrDefault(name));
}

/// <summary>One process.</summary>
/// <param name="Id">Number.</param>
/// <param name="Parent">Who started it.</param>
/// <param name="Ticks">User and system time, its own and that of buried children.</param>
/// <param name="CommandLine">Its words.</param>
internal sealed record ProcessRow(int Id, int Parent, long Ticks, string CommandLine);

/// <summary>Processes of one moment.</summary>
internal sealed class ProcessTable
{
    private static readonly (string Part, string Name)[] Programs =
    [
        ("Harness.Training.dll", "trainers"),
        ("Harness.Silo.dll", "silo"),
        ("Harness.Dashboard.dll", "dashboard"),
        ("Harness.Worker.dll", "workers"),
        ("postgres", "database"),
    ];

    private readonly Dictionary<int, ProcessRow> _rows;

    private ProcessTable(Dictionary<int, ProcessRow> rows) => _rows = rows;

    public static ProcessTable Read()
    {
        var rows = new Dictionary<int, ProcessRow>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && Row(folder, id) is { } row)
            {
                rows[id] = row;
            }
        }

        return new ProcessTable(rows);
    }

    public IEnumerable<ProcessRow> Descendants(int of) =>
        _rows
            .Values.Where(row => row.Parent == of)
            .SelectMany(row => Descendants(row.Id).Prepend(row));

    /// <summary>The nearest program of ours that the process is, or belongs to.</summary>
    public string ProgramOf(int id) =>
        !_rows.TryGetValue(id, out var row) || id == Environment.ProcessId ? "other"
        : Programs.FirstOrDefault(program =>
            row.CommandLine.Contains(program.Part, StringComparison.Ordinal)
        )
            is { Name: { } name }
            ? name
        : ProgramOf(row.Parent);

    /// <summary>Processes that run that assembly.</summary>
    public IEnumerable<ProcessRow> Running(string part) =>
        Descendants(Environment.ProcessId)
            .Where(row => row.CommandLine.Contains(part, StringComparison.Ordinal));

    private static ProcessRow? Row(string folder, int id)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            // Behind the name, which may hold anything: state, parent, …, utime and stime, then those of children.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long Field(int number) => long.Parse(fields[number], CultureInfo.InvariantCulture);
            return new ProcessRow(
                id,
                (int)Field(1),
                Field(11) + Field(12) + Field(13) + Field(14),
                File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ')
            );
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // it ended while it was read
        }
    }
}
