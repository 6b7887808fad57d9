using System.CommandLine;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary><c>harness restore FILE</c>.</summary>
public static class RestoreCommand
{
    private static readonly Argument<string> File = new("FILE")
    {
        Description = "A file that `harness archive` wrote.",
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("restore", "Read an archived sweep back, here or elsewhere.")
        {
            File,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        await using var file = Open(result.GetValue(File)!);
        await using var session = await Session.ToReadAsync(result, cancellation);
        var restored = await session.Client.UploadAsync(
            "archives",
            file,
            DomainJson.Default.Restored,
            cancellation
        );
        session.Terminal.Say(
            $"restored {restored.Sweep} with {restored.Trials} trials"
                + (restored.Shared > 0 ? $"; {restored.Shared} more were here" : "")
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(restored, DomainJson.Default.Restored);
        }
        else
        {
            session.Terminal.Write(restored.Sweep);
        }

        return 0;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return System.IO.File.OpenRead(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException(
                $"{path} cannot be read: {missing.Message}",
                HarnessException.BadInput,
                missing
            );
        }
    }
}
