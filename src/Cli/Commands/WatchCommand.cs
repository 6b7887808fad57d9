using System.CommandLine;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary><c>harness watch|wait [SWEEP]</c>.</summary>
public static class WatchCommand
{
    /// <summary>Argument that names a sweep, the newest by default.</summary>
    public static Argument<string> SweepArgument() =>
        new("SWEEP")
        {
            Description = "Id such as S-1, or last.",
            DefaultValueFactory = _ => "last",
        };

    /// <summary>The command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">One line.</param>
    /// <param name="shows">Whether it shows progress.</param>
    public static Command Make(string name, string description, bool shows)
    {
        var sweep = SweepArgument();
        var failsOn = FailOn.MakeOption();
        var command = new Command(name, description) { sweep, failsOn };
        command.SetAction(
            async (result, cancellation) =>
            {
                await using var session = await Session.ToRunningAsync(result, cancellation);
                var id = await session.SweepAsync(result.GetValue(sweep)!, cancellation);
                await Watching.ToEndAsync(session, id, shows, cancellation);
                var detail = await session.Client.GetAsync(
                    $"sweeps/{id}",
                    DomainJson.Default.SweepDetail,
                    cancellation
                );
                if (shows || session.Terminal.Json)
                {
                    Outcome.Write(session.Terminal, detail);
                }

                return FailOn.ExitCode(detail, result.GetValue(failsOn));
            }
        );
        return command;
    }
}
