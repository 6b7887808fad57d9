using System.CommandLine;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary><c>harness cancel SWEEP</c>.</summary>
public static class CancelCommand
{
    private static readonly Argument<string> Sweep = new("SWEEP")
    {
        Description = "Id such as S-1, or last.",
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("cancel", "End a sweep; what it has measured stays.") { Sweep };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        await using var session = await Session.ToReadAsync(result, cancellation);
        var id = await session.SweepAsync(result.GetValue(Sweep)!, cancellation);
        var summary = await session.Client.PostAsync(
            $"sweeps/{id}/cancel",
            null,
            "application/json",
            DomainJson.Default.SweepSummary,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(summary, DomainJson.Default.SweepSummary);
        }
        else
        {
            session.Terminal.Say($"{id}: {Words.Of(summary.State)}");
        }

        return 0;
    }
}
