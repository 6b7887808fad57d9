using System.Diagnostics;
using System.Text.Json;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>The product as a user meets it: the <c>./harness</c> script on a data folder of its own.</summary>
internal sealed class HarnessScript : IAsyncDisposable
{
    private readonly List<Process> _running = [];

    public string Data { get; } = Directory.CreateTempSubdirectory("harness-run-").FullName;

    /// <summary>Added to the environment that it starts in.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public static string Root { get; } = FindRoot();

    private string Sweep => Data + ".yml";

    /// <summary>A program as the script builds and starts it.</summary>
    public static string Program(string name) =>
        Path.Combine(Root, "artifacts", "bin", name, "release", $"Harness.{name}.dll");

    public sealed record Ended(int ExitCode, string Output, string Messages)
    {
        public JsonElement Json() => JsonDocument.Parse(Output).RootElement;
    }

    public async Task<Ended> RunAsync(TimeSpan within, params string[] arguments)
    {
        var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var messages = process.StandardError.ReadToEndAsync();
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
            throw new TimeoutException(
                $"harness {string.Join(' ', arguments)} did not end within {within}; it had printed:\n{await messages}"
            );
        }

        return new Ended(process.ExitCode, await output, await messages);
    }

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "harness"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Root,
        };
        foreach (var argument in arguments.Concat(["--data", Data]))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["NO_COLOR"] = "1";
        // What the shell knows of a cluster must not reach the programs of a data folder.
        start.Environment["HARNESS_TOKEN"] = "of-some-cluster";
        start.Environment["HARNESS_DATABASE_PASSWORD"] = "of-some-cluster";
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        _running.Add(process);
        return process;
    }

    /// <summary>A sweep file in the data folder's parent, for one test.</summary>
    public async Task<string> WriteSweepAsync(string text)
    {
        await File.WriteAllTextAsync(Sweep, text);
        return Sweep;
    }

    /// <summary>Processes whose command line or environment names this data folder.</summary>
    public IReadOnlyList<(int Id, string CommandLine)> Processes() => ProcessesOf(Data);

    public static IReadOnlyList<(int Id, string CommandLine)> ProcessesOf(string data)
    {
        var found = new List<(int, string)>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id) || id == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                var command = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
                var environment = File.ReadAllText(Path.Combine(folder, "environ"));
                if (
                    command.Contains(data, StringComparison.Ordinal)
                    || environment.Contains(data, StringComparison.Ordinal)
                )
                {
                    found.Add((id, command));
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // The process ended while it was being read.
            }
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running)
        {
            if (!process.HasExited)
            {
                process.StandardInput.Close();
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        await Eventually.IsAsync(
            () => Task.FromResult(Processes().Count == 0),
            TimeSpan.FromSeconds(30),
            () => "processes outlive their launcher"
        );
        Directory.Delete(Data, recursive: true);
        File.Delete(Sweep);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Harness.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException("The tests must run inside the checkout.");
    }
}
