using System.CommandLine;
using Harness.Cli.Output;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary><c>harness explain T-7</c>.</summary>
public static class ExplainCommand
{
    private static readonly Argument<string> Id = new("TRIAL") { Description = "Id such as T-7." };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("explain", "Say why a trial does not run, worker by worker.")
        {
            Id,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var trial = LogsCommand.Trial(result.GetValue(Id)!);
        await using var session = await Session.ToReadAsync(result, cancellation);
        var explanation = await session.Client.GetAsync(
            $"trials/{trial}/explain",
            DomainJson.Default.TrialExplanation,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(explanation, DomainJson.Default.TrialExplanation);
            return 0;
        }

        session.Terminal.Write($"{trial} is {Words.Of(explanation.State)}.");
        foreach (var sentence in explanation.Because)
        {
            session.Terminal.Write(sentence);
        }

        if (explanation.Workers.Count > 0)
        {
            session.Terminal.Write(
                new TextTable(
                    [new("Worker"), new("Host"), new("Why not now")],
                    [
                        .. explanation.Workers.Select(worker =>
                            (IReadOnlyList<string>)[worker.Name, worker.Host, worker.Reason]
                        ),
                    ]
                )
            );
        }

        return 0;
    }
}
