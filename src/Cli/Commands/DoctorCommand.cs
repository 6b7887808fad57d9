using System.CommandLine;
using Harness.Cli.Launcher;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Catalogue;
using Harness.Domain.Metrics;

namespace Harness.Cli.Commands;

/// <summary>One thing that <c>doctor</c> looked at.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="State"><c>ok</c>, <c>warning</c> or <c>broken</c>.</param>
/// <param name="Finding">What was found; where it is not well, what to do.</param>
public sealed record DoctorFinding(string Check, string State, string Finding);

/// <summary><c>harness doctor</c>: whether this machine can run the harness, and what to do where not.</summary>
public static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("doctor", "Check this machine, and say what to do.");
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        var terminal = Session.TerminalOf(result);
        IReadOnlyList<DoctorFinding> findings =
        [
            new("runtime", "ok", $".NET {Environment.Version}, {Environment.OSVersion}"),
            Cores(),
            Postgres(),
            Check("trainer", () => $"libtorch {TrainerCheck.Require()}"),
            Folder(result.GetValue(Globals.Data)!),
            Check("ports", Ports),
            .. TrainerCatalogue.Current.Tasks.Where(task => task.DataHash is not null).Select(Data),
        ];
        if (terminal.Json)
        {
            terminal.Write(findings, CliJson.Default.IReadOnlyListDoctorFinding);
        }
        else
        {
            terminal.Write(
                new TextTable(
                    [new("Check"), new("State"), new("Finding")],
                    [
                        .. findings.Select(finding =>
                            (IReadOnlyList<string>)[finding.Check, finding.State, finding.Finding]
                        ),
                    ]
                )
            );
        }

        return findings.Any(finding => finding.State == "broken")
            ? HarnessException.Infrastructure
            : 0;
    }

    private static DoctorFinding Cores() =>
        new(
            "cores and memory",
            "ok",
            $"{Environment.ProcessorCount} cores, {Format.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}"
        );

    // Where none is installed, `run` and `up` fetch them; looking must not.
    private static DoctorFinding Postgres()
    {
        try
        {
            var binaries = PostgresBinaries.Find(null, say: null);
            return new("postgresql", "ok", $"{binaries.Major} in {binaries.Folder}");
        }
        catch (HarnessException error)
        {
            return PostgresBinaries.Setting is null && PostgresDownload.Way() is { } way
                ? new(
                    "postgresql",
                    "warning",
                    $"not installed: the first run fetches it with {way} into {PostgresDownload.Cache}, or run `apt-get install postgresql`"
                )
                : new("postgresql", "broken", error.Message);
        }
    }

    private static DoctorFinding Folder(string path)
    {
        const string name = "data folder";
        var full = Path.GetFullPath(path);
        try
        {
            var disk = DataFolder.Inspect(full) with { Path = full };
            return LowWater.Default.IsLow(disk)
                    ? new(name, "warning", LowWater.Default.Sentence(disk))
                : Directory.Exists(full)
                    ? new(name, "ok", $"{full}, {Format.Bytes(disk.Free)} free")
                : new(
                    name,
                    "ok",
                    $"{full} will be made by the first run; {Format.Bytes(disk.Free)} free"
                );
        }
        catch (HarnessException error)
        {
            return new(name, "broken", error.Message);
        }
    }

    private static string Ports() =>
        $"{string.Join(", ", FreePort.Choose(3))} on 127.0.0.1 are free now; a run takes three";

    private static DoctorFinding Data(TaskEntry task) =>
        Corpus.IsHere(task)
            ? new($"data of {task.Name}", "ok", "here")
            : new(
                $"data of {task.Name}",
                "warning",
                $"not here: run `{task.DataSetup}`, or set HARNESS_DATA to their folder"
            );

    private static DoctorFinding Check(string name, Func<string> look)
    {
        try
        {
            return new(name, "ok", look());
        }
        catch (HarnessException error)
        {
            return new(name, "broken", error.Message);
        }
    }
}
