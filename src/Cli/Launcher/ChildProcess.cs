using System.Diagnostics;
using System.Text;

namespace Harness.Cli.Launcher;

/// <summary>A program under the supervisor. Its standard input is its lifeline: it stops when that pipe ends.</summary>
public sealed class ChildProcess : IDisposable
{
    private static readonly string[] Secrets =
    [
        "HARNESS_TOKEN",
        "HARNESS_JOIN_TOKEN",
        "HARNESS_CLUSTER_SECRET",
        "HARNESS_DATABASE",
        "HARNESS_DATABASE_PASSWORD",
        "HARNESS_SILO_PASSWORD",
        "HARNESS_READ_PASSWORD",
        "PGPASSWORD",
    ];

    private const int KeptLines = 12;
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Queue<string> _last = new();
    private readonly TaskCompletionSource<string> _listening = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private ChildProcess(string name, Process process, StreamWriter log)
    {
        (Name, _process, _log) = (name, process, log);
    }

    /// <summary>Name for people, e.g. <c>worker-1</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The URL of its line <c>listening URL</c>.</summary>
    public Task<string> Listening => _listening.Task;

    /// <summary>Starts a .NET program of this build.</summary>
    public static ChildProcess StartProgram(
        string name,
        string program,
        IReadOnlyDictionary<string, string> environment,
        string log,
        params string[] arguments
    ) =>
        Start(
            name,
            Environment.ProcessPath!,
            [Programs.Path(program), .. arguments],
            environment,
            log
        );

    /// <summary>Starts any program.</summary>
    public static ChildProcess Start(
        string name,
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string log
    )
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The folder's secrets count, whatever the caller's environment holds: it may know a cluster.
        foreach (var secret in Secrets)
        {
            start.Environment.Remove(secret);
            start.Environment.Remove($"{secret}_FILE");
        }

        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new ChildProcess(
            name,
            process,
            new StreamWriter(log, append: true, new UTF8Encoding(false)) { AutoFlush = true }
        );
        process.OutputDataReceived += (_, line) => child.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => child.Heard(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for its end.</summary>
    public Task WaitAsync(CancellationToken cancellation) =>
        _process.WaitForExitAsync(cancellation);

    /// <summary>How it ended, in words.</summary>
    public string Ending() =>
        !_process.HasExited ? "still runs"
        : _process.ExitCode > 128 ? $"was ended by signal {_process.ExitCode - 128}"
        : $"ended with exit code {_process.ExitCode}";

    /// <summary>Its exit code.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The end of its log, for a message.</summary>
    public string LastLines()
    {
        lock (_last)
        {
            return _last.Count == 0
                ? $"it {Ending()} without a word"
                : string.Join(" | ", _last.TakeLast(3));
        }
    }

    /// <summary>Ends its lifeline, waits, and kills what is left.</summary>
    public async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has closed its end already.
        }

        using var patience = new CancellationTokenSource(KillAfter);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Note($"{Name} was killed: it had not stopped within {KillAfter.TotalSeconds} s");
            await KillAsync();
        }
    }

    /// <summary>Ends it at once, with everything that it started.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        try
        {
            _log.Dispose();
        }
        catch (IOException)
        {
            // What it still held does not fit on the disk.
        }
    }

    // The line is lost when the disk is full: this program must outlive that, to start the others again.
    private void Note(string line)
    {
        try
        {
            _log.WriteLine(line);
        }
        catch (IOException)
        {
            // The last lines are in memory still.
        }
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        const string mark = "listening ";
        if (line.StartsWith(mark, StringComparison.Ordinal))
        {
            _listening.TrySetResult(line[mark.Length..].Trim());
        }

        lock (_last)
        {
            Note(line);
            _last.Enqueue(line.Trim());
            if (_last.Count > KeptLines)
            {
                _last.Dequeue();
            }
        }
    }
}
