using System.Diagnostics;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>Runs a short program of the system.</summary>
public static class Tool
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>Exit code, and both streams in one text.</returns>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments) =>
        Run(program, arguments, CancellationToken.None);

    /// <summary>The same; cancelled, it is killed with everything that it started.</summary>
    public static (int ExitCode, string Output) Run(
        string program,
        string[] arguments,
        CancellationToken cancellation
    )
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        cancellation.ThrowIfCancellationRequested();
        using var process = Process.Start(start)!;
        using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Runs it and throws with its last line when it fails.</summary>
    /// <param name="what">What it was to do, for the message.</param>
    /// <param name="program">Program.</param>
    /// <param name="arguments">Arguments.</param>
    /// <param name="cancellation">Kills it.</param>
    public static void Require(
        string what,
        string program,
        string[] arguments,
        CancellationToken cancellation
    )
    {
        var (code, output) = Run(program, arguments, cancellation);
        if (code != 0)
        {
            var line =
                output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()
                ?? $"exit code {code}";
            throw new HarnessException($"{what} failed: {line.Trim()}");
        }
    }
}
