using System.CommandLine;
using System.Text.Json;

namespace Harness.Cli.Commands;

/// <summary><c>harness export DATASET</c>.</summary>
public static class ExportCommand
{
    private static readonly Argument<string> Dataset = new("DATASET")
    {
        Description = "trials, metrics, profiles, attempts, verdicts, accuracy or events.",
    };
    private static readonly Option<string> Form = new("--format")
    {
        Description = "csv or jsonl.",
        DefaultValueFactory = _ => "csv",
        HelpName = "FORMAT",
    };
    private static readonly Option<string?> Sweep = new("--sweep")
    {
        Description = "Rows of this sweep only; last is the newest.",
        HelpName = "SWEEP",
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        Globals.AcceptOnly(
            Dataset,
            "trials",
            "metrics",
            "profiles",
            "attempts",
            "verdicts",
            "accuracy",
            "events"
        );
        Globals.AcceptOnly(Form, "csv", "jsonl");
        var command = new Command("export", "Stream the rows of a public view.")
        {
            Dataset,
            Form,
            Sweep,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        await using var session = await Session.ToReadAsync(result, cancellation);
        var json = session.Terminal.Json;
        var path =
            $"export/{result.GetValue(Dataset)}?format={(json ? "jsonl" : result.GetValue(Form))}";
        if (result.GetValue(Sweep) is { } selector)
        {
            path += $"&sweep={await session.SweepAsync(selector, cancellation)}";
        }

        await using var output = Console.OpenStandardOutput();
        if (!json)
        {
            await session.Client.CopyAsync(path, output, cancellation);
            return 0;
        }

        // One document: the rows in an array.
        using var answer = await session.Client.OpenAsync(path, cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        await using var writer = new Utf8JsonWriter(output);
        writer.WriteStartArray();
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length > 0)
            {
                writer.WriteRawValue(line);
                await writer.FlushAsync(cancellation);
            }
        }

        writer.WriteEndArray();
        return 0;
    }
}
