using System.Diagnostics;
using Harness.EndToEnd.Tests.Runs;

namespace Harness.EndToEnd.Tests.Failures;

/// <summary>The built command line in a process of its own, on a folder of its own; as root also on a machine that lacks things.</summary>
internal sealed class CommandProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<string> _changes = [];

    /// <summary>Given to `--data`; not made.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>A folder of the test's.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("harness-cli-").FullName;

    /// <summary>Folder of the built programs: artifacts/bin, where this test program lies too.</summary>
    public static string Programs { get; } =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    /// <summary>Whether a changed machine can be tried here: a mount namespace needs root.</summary>
    public static bool CanChangeTheMachine { get; } =
        Environment.IsPrivilegedProcess && Shell("unshare -m true") == 0;

    public CommandProcess With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>A line of shell that runs before the program, in a mount namespace that ends with it.</summary>
    public CommandProcess OnAMachineWhere(string change)
    {
        Assert.SkipUnless(CanChangeTheMachine, "changing the machine takes root and unshare");
        _changes.Add(change);
        return this;
    }

    /// <summary>A machine without PostgreSQL's programs.</summary>
    public CommandProcess WithoutPostgres() =>
        With("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .OnAMachineWhere($"mkdir -p {Folder}/empty")
            .OnAMachineWhere(
                $"for d in /usr/lib/postgresql /usr/pgsql /usr/local/pgsql; do [ ! -d $d ] || mount --bind {Folder}/empty $d; done"
            )
            .OnAMachineWhere("mount -t tmpfs tmpfs /var/cache");

    /// <summary>Runs it to its end, with `--data` added.</summary>
    public async Task<HarnessScript.Ended> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var messages = process.StandardError.ReadToEndAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        deadline.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"harness {string.Join(' ', arguments)} did not end within {Limit}; it had printed:\n{await messages}"
            );
        }

        return new(process.ExitCode, await output, await messages);
    }

    public Process Start(params string[] arguments)
    {
        string[] command =
        [
            // A test run in the background ignores Ctrl-C, and so would its children.
            "env",
            "--default-signal=INT",
            Path.GetFileName(Environment.ProcessPath) == "dotnet"
                ? Environment.ProcessPath!
                : "dotnet",
            Path.Combine(Programs, "Cli", Configuration(), "Harness.Cli.dll"),
            .. arguments,
            "--data",
            Data,
        ];
        if (_changes.Count > 0)
        {
            command =
            [
                "unshare",
                "-m",
                "sh",
                "-ec",
                $"{string.Join('\n', _changes)}\nexec \"$@\"",
                "sh",
                .. command,
            ];
        }

        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        foreach (var word in command[1..])
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["NO_COLOR"] = "1";
        foreach (var (variable, value) in _environment)
        {
            start.Environment[variable] = value;
        }

        return Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        await Eventually.IsAsync(
            () => Task.FromResult(HarnessScript.ProcessesOf(Data).Count == 0),
            TimeSpan.FromSeconds(40),
            () =>
                $"these outlive their launcher: {string.Join('\n', HarnessScript.ProcessesOf(Data))}"
        );
        Directory.Delete(Folder, recursive: true);
    }

    public static int Shell(string script)
    {
        using var process = Process.Start("/bin/sh", ["-c", script]);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string Configuration() =>
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
}
