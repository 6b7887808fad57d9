using System.CommandLine;
using Harness.Cli.Launcher;

namespace Harness.Cli.Commands;

/// <summary><c>harness down</c>: stops what runs on a data folder.</summary>
public static class DownCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("down", "Stop the harness of a data folder.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var terminal = Session.TerminalOf(result);
        var folder = Path.GetFullPath(result.GetValue(Globals.Data)!);
        var ran =
            File.Exists(Path.Combine(folder, "supervisor.lock"))
            && await Holder.StopAsync(new DataFolder(folder));
        if (terminal.Json)
        {
            terminal.Write(new DownDocument(ran), CliJson.Default.DownDocument);
        }
        else
        {
            terminal.Say(ran ? "stopped" : $"nothing runs on {folder}");
        }

        return 0;
    }
}

/// <summary><c>down --json</c>.</summary>
/// <param name="Stopped">Whether something ran.</param>
public sealed record DownDocument(bool Stopped);
