using System.CommandLine;
using Harness.Cli.Launcher;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary><c>harness upgrade</c>: a data folder's database to the newest PostgreSQL of this machine.</summary>
public static class UpgradeCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command(
            "upgrade",
            "Bring a data folder's database to the newest PostgreSQL of this machine."
        );
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(result.GetValue(Globals.Data)!);
        if (!Directory.Exists(folder))
        {
            throw new HarnessException(
                $"There is no data folder {folder}: name one with --data.",
                HarnessException.BadInput
            );
        }

        var terminal = Session.TerminalOf(result);
        var done = await new PostgresUpgrade(new DataFolder(folder), terminal.Say).RunAsync(
            cancellation
        );
        if (terminal.Json)
        {
            terminal.Write(new UpgradeDocument(done), CliJson.Default.UpgradeDocument);
        }
        else
        {
            terminal.Say(done);
        }

        return 0;
    }
}

/// <summary><c>upgrade --json</c>.</summary>
/// <param name="Done">What was done, in a sentence.</param>
public sealed record UpgradeDocument(string Done);
