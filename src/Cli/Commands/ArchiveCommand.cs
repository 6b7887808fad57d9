using System.CommandLine;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary><c>harness archive ID…</c>.</summary>
public static class ArchiveCommand
{
    private static readonly Argument<string[]> Sweeps = ChangeCommands.Sweeps();
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "File to write; else S-1.harness.zip in this folder.",
        HelpName = "FILE",
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command(
            "archive",
            "Write sweeps that have ended to a file each, with all that they measured."
        )
        {
            Sweeps,
            Out,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var selectors = result.GetValue(Sweeps)!.Distinct().ToList();
        var named = result.GetValue(Out);
        if (named is not null && selectors.Count > 1)
        {
            throw new HarnessException(
                "--out names one file: give one sweep, or leave it out.",
                HarnessException.BadInput
            );
        }

        await using var session = await Session.ToReadAsync(result, cancellation);
        var files = new List<string>();
        foreach (var selector in selectors)
        {
            var id = await session.SweepAsync(selector, cancellation);
            var file = Path.GetFullPath(named ?? $"{id}.harness.zip");
            await WriteAsync(session, id, file, cancellation);
            files.Add(file);
            session.Terminal.Say($"{id} is in {file}: `harness restore` reads it back");
        }

        if (session.Terminal.Json)
        {
            session.Terminal.Write(files.ToArray(), CliJson.Default.StringArray);
        }

        return 0;
    }

    // Aside and renamed: what has the name is whole.
    private static async Task WriteAsync(
        Session session,
        string sweep,
        string file,
        CancellationToken cancellation
    )
    {
        if (File.Exists(file))
        {
            throw new HarnessException(
                $"{file} exists: remove it, or name another file with --out.",
                HarnessException.BadInput
            );
        }

        var aside = file + ".part";
        try
        {
            await using (var output = File.Create(aside))
            {
                await session.Client.CopyAsync($"sweeps/{sweep}/archive", output, cancellation);
            }

            File.Move(aside, file);
        }
        catch (HttpRequestException broken)
        {
            throw new HarnessException(
                $"The archive of {sweep} broke off, and nothing was written: see the dashboard's log, and try again.",
                HarnessException.Infrastructure,
                broken
            );
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException(
                $"{file} could not be written: {broken.Message}",
                HarnessException.Infrastructure,
                broken
            );
        }
        finally
        {
            if (File.Exists(aside))
            {
                File.Delete(aside);
            }
        }
    }
}
