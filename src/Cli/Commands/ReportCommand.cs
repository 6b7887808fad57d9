using System.CommandLine;
using Harness.Cli.Client;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary><c>harness report [SWEEP]</c>.</summary>
public static class ReportCommand
{
    private static readonly Argument<string> Sweep = WatchCommand.SweepArgument();
    private static readonly Option<string?> Html = File("--html", "Write the page to this file.");
    private static readonly Option<string?> Markdown = File("--md", "Write Markdown to this file.");

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("report", "Print what a sweep gave, or write it to a file.")
        {
            Sweep,
            Html,
            Markdown,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Writes a report beside and renames it.</summary>
    public static async Task WriteAsync(
        HarnessClient client,
        string sweep,
        string form,
        string path,
        CancellationToken cancellation
    )
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = System.IO.File.Create(path + ".new"))
            {
                await client.CopyAsync($"sweeps/{sweep}/report.{form}", file, cancellation);
            }

            System.IO.File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException(
                $"The report could not be written to {path} ({error.Message.TrimEnd('.')}): choose another file.",
                HarnessException.Infrastructure,
                error
            );
        }
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        await using var session = await Session.ToReadAsync(result, cancellation);
        var sweep = await session.SweepAsync(result.GetValue(Sweep)!, cancellation);
        var files = new[] { ("html", result.GetValue(Html)), ("md", result.GetValue(Markdown)) }
            .Where(file => file.Item2 is not null)
            .ToList();
        foreach (var (form, path) in files)
        {
            var full = Path.GetFullPath(path!);
            await WriteAsync(session.Client, sweep, form, full, cancellation);
            session.Terminal.Say($"report: {full}");
        }

        if (session.Terminal.Json || files.Count == 0)
        {
            await PrintAsync(session, sweep, cancellation);
        }

        return 0;
    }

    private static async Task PrintAsync(
        Session session,
        string sweep,
        CancellationToken cancellation
    )
    {
        var report = await session.Client.GetAsync(
            $"sweeps/{sweep}/report.json",
            DomainJson.Default.SweepReportDocument,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(report, DomainJson.Default.SweepReportDocument);
        }
        else
        {
            Outcome.Write(session.Terminal, report.Sweep);
        }
    }

    private static Option<string?> File(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };
}
