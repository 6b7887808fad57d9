using System.Diagnostics;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>A program of this build, run to its end.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs it.</summary>
    /// <param name="program">Bench, Faults, …</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<ProgramRun> OfAsync(
        string program,
        TimeSpan within,
        params IReadOnlyList<string> arguments
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo(
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                [HarnessScript.Program(program), .. arguments]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        deadline.CancelAfter(within);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {within}: {await errors}");
        }

        return new ProgramRun(process.ExitCode, await output, await errors);
    }
}
