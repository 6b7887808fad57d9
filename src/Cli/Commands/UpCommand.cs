using System.CommandLine;
using Harness.Cli.Client;
using Harness.Cli.Launcher;
using Harness.Cli.Output;

namespace Harness.Cli.Commands;

/// <summary><c>up</c> and <c>down</c>.</summary>
public static class UpCommand
{
    /// <summary>Builds <c>up</c>.</summary>
    public static Command Up()
    {
        var (workers, port) = (Options.Workers(), Options.Port());
        var detach = new Option<bool>("--detach")
        {
            Description = "Leave it running after this command has ended.",
        };
        var command = new Command(
            "up",
            "Start PostgreSQL, silo, dashboard and workers; stop them with Ctrl-C."
        )
        {
            workers,
            port,
            detach,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var data = new DataFolder(parsed.GetRequiredValue(Options.Data));
                var options = new ServiceOptions(parsed.GetValue(workers), parsed.GetValue(port));
                await using var holder = await Holder.TakeAsync(
                    data,
                    options,
                    Terminal.Say,
                    cancellation
                );
                using var client = HarnessClient.Open(null, data.Path);
                Terminal.Say($"Dashboard: {client.Link("")}");
                if (parsed.GetValue(detach))
                {
                    await holder.DetachAsync();
                    return 0;
                }

                await Task.Delay(Timeout.Infinite, cancellation);
                return 0;
            }
        );
        return command;
    }

    /// <summary>Builds <c>down</c>.</summary>
    public static Command Down()
    {
        var command = new Command("down", "Stop what runs on the data folder.");
        command.SetAction(
            async (parsed, _) =>
            {
                var stopped = await Holder.StopAsync(
                    new DataFolder(parsed.GetRequiredValue(Options.Data))
                );
                Terminal.Say(stopped ? "stopped" : "nothing runs here");
                return 0;
            }
        );
        return command;
    }
}
