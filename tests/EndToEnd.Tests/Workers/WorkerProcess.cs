using System.Collections.Concurrent;
using System.Diagnostics;
using Harness.EndToEnd.Tests.Runs;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>The worker program on a folder of the test's.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60); // on a busy machine

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = [];

    private WorkerProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>All that it wrote to standard error.</summary>
    public string Said => string.Join('\n', _said);

    public static WorkerProcess Start(
        string silo,
        string scratch,
        string trainer,
        params (string Name, string Value)[] variables
    )
    {
        var start = new ProcessStartInfo("dotnet", [HarnessScript.Program("Worker")])
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = scratch,
        };
        foreach (
            var (name, value) in (ReadOnlySpan<(string, string)>)
                [
                    ("HARNESS_SILO_URL", silo),
                    ("HARNESS_JOIN_TOKEN", "of-a-test"),
                    ("HARNESS_SCRATCH", scratch),
                    ("HARNESS_TRAINER", trainer),
                    ("HARNESS_SLOTS", "4"),
                    .. variables,
                ]
        )
        {
            start.Environment[name] = value;
        }

        return new WorkerProcess(start);
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Signal(_process.Id, 15);

    /// <summary>SIGKILL.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> EndAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        deadline.CancelAfter(Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"the worker did not end within {Deadline}; it said:\n{Said}"
            );
        }

        return _process.ExitCode;
    }

    /// <summary>Waits for a fact; the failure shows what the worker said.</summary>
    public Task UntilAsync(Func<bool> fact, string expected) =>
        Eventually.IsAsync(
            () => Task.FromResult(fact()),
            Deadline,
            () => $"{expected}; the worker said:\n{Said}"
        );

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static void Signal(int process, int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }
}
