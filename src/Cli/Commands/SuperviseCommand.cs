using System.CommandLine;
using Harness.Cli.Launcher;

namespace Harness.Cli.Commands;

/// <summary><c>harness supervise</c>, hidden: the process that <c>run</c> and <c>up</c> hold.</summary>
public static class SuperviseCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var workers = Globals.Integer("--workers", "Workers at first.", 0, 0, 64);
        var port = Globals.Integer("--port", "Port of the pages; 0: any free one.", 0, 0, 65535);
        var command = new Command("supervise", "Serve a data folder.") { workers, port };
        command.Hidden = true;
        command.SetAction(
            async (result, _) =>
            {
                using var supervisor = new Supervisor(
                    new DataFolder(result.GetValue(Globals.Data)!),
                    new ServiceOptions(result.GetValue(workers), result.GetValue(port))
                );
                await supervisor.RunAsync();
                return 0;
            }
        );
        return command;
    }
}
