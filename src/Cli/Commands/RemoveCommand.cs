using System.CommandLine;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary><c>harness rm ID…</c>.</summary>
public static class RemoveCommand
{
    private static readonly Argument<string[]> Sweeps = ChangeCommands.Sweeps();
    private static readonly Option<bool> WithClaim = new("--with-claim")
    {
        Description = "Remove the run of a claim too that the sweep measures for, with its sweeps.",
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command(
            "rm",
            "Remove sweeps that have ended, with the trials that no other sweep has."
        )
        {
            Sweeps,
            WithClaim,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        await using var session = await Session.ToReadAsync(result, cancellation);
        var query = result.GetValue(WithClaim) ? "?with_claim=true" : "";
        var gone = new HashSet<string>();
        var claims = new HashSet<string>();
        var trials = 0L;
        foreach (var selector in result.GetValue(Sweeps)!.Distinct())
        {
            var id = await session.SweepAsync(selector, cancellation);
            if (gone.Contains(id))
            {
                continue; // it went with one that was named before it
            }

            var removed = await session.Client.DeleteAsync(
                $"sweeps/{id}{query}",
                DomainJson.Default.SweepRemoved,
                cancellation
            );
            gone.UnionWith(removed.Sweeps);
            claims.UnionWith(removed.Claims);
            trials += removed.Trials;
            session.Terminal.Say(Sentence(removed));
        }

        if (session.Terminal.Json)
        {
            session.Terminal.Write(
                new SweepRemoved([.. gone], [.. claims], trials),
                DomainJson.Default.SweepRemoved
            );
        }

        return 0;
    }

    private static string Sentence(SweepRemoved removed) =>
        $"removed {string.Join(", ", removed.Sweeps)} with {removed.Trials} trials"
        + (removed.Claims.Count > 0 ? $" and the run of {string.Join(", ", removed.Claims)}" : "");
}
