using System.CommandLine;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary><c>harness up</c>: everything of a local harness, until Ctrl-C.</summary>
public static class UpCommand
{
    private static readonly Option<int> Workers = Globals.Workers();
    private static readonly Option<int> Port = Globals.Port();
    private static readonly Option<bool> Detach = new("--detach")
    {
        Description = "Go on in the background until `harness down`.",
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("up", "Start database, silo, pages and workers.")
        {
            Workers,
            Port,
            Detach,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        if (result.GetValue(Globals.Server) is not null)
        {
            throw new HarnessException(
                "`up` starts a harness on this machine: leave --server out.",
                HarnessException.BadInput
            );
        }

        await using var session = await Session.WithWorkersAsync(
            result,
            result.GetValue(Workers),
            result.GetValue(Port),
            cancellation
        );
        if (session.Holder!.Attached)
        {
            session.Terminal.Say(
                $"it was up already on {session.Data!.Path}: this holds the same one"
            );
        }

        if (session.Terminal.Json)
        {
            session.Terminal.Write(
                new UpDocument(
                    session.Client.Url,
                    session.Data!.Secret("token"),
                    session.Data.Path
                ),
                CliJson.Default.UpDocument
            );
        }
        else
        {
            session.Terminal.Write(session.Client.Link(""));
        }

        if (result.GetValue(Detach))
        {
            await session.Holder!.DetachAsync();
            session.Terminal.Say("it goes on in the background: `harness down` stops it");
            return 0;
        }

        session.Terminal.Say("Ctrl-C stops it");
        await session.Holder!.Gone.WaitAsync(cancellation);
        session.Terminal.Say("it was stopped");
        return 0;
    }
}

/// <summary><c>up --json</c>.</summary>
/// <param name="Url">Pages and API.</param>
/// <param name="TokenFile">File of the token.</param>
/// <param name="Data">Data folder.</param>
public sealed record UpDocument(string Url, string TokenFile, string Data);
