using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;
using Npgsql;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>The silo program on a database of the test's, with short leases.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60); // on a busy machine

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = [];
    private readonly TaskCompletionSource<string> _listening = new();

    private SiloProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("listening ", StringComparison.Ordinal) == true)
            {
                _listening.TrySetResult(line.Data[10..]);
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>URL of the workers' endpoint.</summary>
    public string Url => _listening.Task.Result;

    /// <summary>All that it wrote to standard error.</summary>
    public string Said => string.Join('\n', _said);

    public static async Task<SiloProcess> StartAsync(
        TestDatabase db,
        string checkpoints,
        params (string Name, string Value)[] variables
    )
    {
        var start = new ProcessStartInfo("dotnet", [HarnessScript.Program("Silo")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var connection = new NpgsqlConnectionStringBuilder(db.OwnerConnection)
        {
            Username = "harness_silo",
            Password = PostgresFixture.Passwords.Silo,
        };
        foreach (
            var (name, value) in (ReadOnlySpan<(string, string)>)
                [
                    ("HARNESS_DATABASE", connection.ConnectionString),
                    ("HARNESS_CLUSTER_ID", "of-a-test"),
                    ("HARNESS_CLUSTER_SECRET", "the secret of a test"),
                    ("HARNESS_SILO_PORT", FreePort()),
                    ("HARNESS_GATEWAY_PORT", FreePort()),
                    ("HARNESS_WORKER_LISTEN", "http://127.0.0.1:0"),
                    ("HARNESS_JOIN_TOKEN", "of-a-test"),
                    ("HARNESS_CHECKPOINTS", checkpoints),
                    ("HARNESS_LEASE_SECONDS", "4"),
                    ("HARNESS_BEAT_SECONDS", "1"),
                    .. variables,
                ]
        )
        {
            start.Environment[name] = value;
        }

        var silo = new SiloProcess(start);
        if (await Task.WhenAny(silo._listening.Task, Task.Delay(Deadline)) != silo._listening.Task)
        {
            await silo.DisposeAsync();
            throw new TimeoutException($"the silo did not listen; it said:\n{silo.Said}");
        }

        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
