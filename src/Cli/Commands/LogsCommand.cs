using System.CommandLine;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary><c>harness logs T-7</c>.</summary>
public static class LogsCommand
{
    private static readonly Argument<string> Id = new("TRIAL") { Description = "Id such as T-7." };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("logs", "Print what a trial's trainer said.") { Id };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>The id of a trial.</summary>
    public static string Trial(string text) =>
        Ids.TryTrial(text, out var id)
            ? Ids.Trial(id)
            : throw new HarnessException(
                $"'{text}' is no trial: give an id such as T-7 (`harness ls trials`).",
                HarnessException.BadInput
            );

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var trial = Trial(result.GetValue(Id)!);
        await using var session = await Session.ToReadAsync(result, cancellation);
        using var answer = await session.Client.OpenAsync($"trials/{trial}/log", cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (session.Terminal.Json)
        {
            session.Terminal.Write(lines, CliJson.Default.StringArray);
            return 0;
        }

        if (lines.Length == 0)
        {
            session.Terminal.Say("its trainer wrote nothing");
        }

        foreach (var line in lines)
        {
            session.Terminal.Write(line);
        }

        return 0;
    }
}
