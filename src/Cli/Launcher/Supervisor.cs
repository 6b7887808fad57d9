using System.Net.Sockets;
using System.Text.Json;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>A line between the supervisor and one that holds it.</summary>
/// <param name="Kind"><c>progress</c>, <c>ready</c>, <c>failed</c>; towards the supervisor <c>hold</c>, <c>detach</c>, <c>stop</c>.</param>
/// <param name="Text">For people.</param>
/// <param name="Url">With <c>ready</c>.</param>
public sealed record SupervisorLine(string Kind, string? Text = null, string? Url = null);

/// <summary>
/// One process a data folder. Every <c>run</c> and <c>up</c> holds it by an open connection; when the last one lets go,
/// however it dies, everything stops. <c>--detach</c> keeps it until <c>down</c>.
/// </summary>
public sealed class Supervisor(DataFolder data, ServiceOptions options) : IDisposable
{
    private static readonly TimeSpan FirstHolderLimit = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<StreamWriter> _holders = [];
    private readonly List<SupervisorLine> _said = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _detached;

    /// <summary>Path of the socket of a folder's supervisor, or null where none was written.</summary>
    public static string? SocketOf(DataFolder data) =>
        File.Exists(data.In("supervisor.path"))
            ? File.ReadAllText(data.In("supervisor.path")).Trim()
            : null;

    /// <summary>Runs until nobody holds it.</summary>
    public async Task RunAsync()
    {
        using var folderLock = TakeLock();
        var room = Directory.CreateTempSubdirectory("harness-sv-");
        var path = Path.Combine(room.FullName, "socket"); // short: a socket's path is limited to 107 bytes
        using var listener = new Socket(
            AddressFamily.Unix,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        await File.WriteAllTextAsync(data.In("supervisor.path"), path);
        var accepting = AcceptAsync(listener);
        using var services = new ServiceSet(
            data,
            options,
            text => Say(new SupervisorLine("progress", text))
        );
        try
        {
            await services.StartAsync(_stop.Token);
            new Connection(services.Url, data.Secret("token"), Environment.ProcessId).Write(data);
            Say(new SupervisorLine("ready", null, services.Url));
            _ = LeaveWithoutHoldersAsync();
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The last holder let go, or someone said stop.
        }
        catch (HarnessException error)
        {
            Say(new SupervisorLine("failed", error.Message));
        }
        finally
        {
            Connection.Remove(data);
            File.Delete(data.In("supervisor.path"));
            await services.StopAsync();
            listener.Close();
            await accepting;
            room.Delete(recursive: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private FileStream TakeLock()
    {
        try
        {
            return new FileStream(
                data.In("supervisor.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException error)
        {
            throw new HarnessException(
                $"Another supervisor runs on {data.Path}.",
                HarnessException.Infrastructure,
                error
            );
        }
    }

    // A launcher that died between starting this process and holding it leaves nobody to wait for.
    private async Task LeaveWithoutHoldersAsync()
    {
        await Task.Delay(FirstHolderLimit, _stop.Token)
            .ContinueWith(_ => { }, TaskScheduler.Default);
        LeaveIfAlone();
    }

    private void LeaveIfAlone()
    {
        lock (_gate)
        {
            if (_holders.Count == 0 && !_detached)
            {
                _stop.Cancel();
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptAsync());
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        var holds = false;
        try
        {
            while (await reader.ReadLineAsync() is { } text)
            {
                switch (JsonSerializer.Deserialize(text, CliJson.Default.SupervisorLine)?.Kind)
                {
                    case "hold":
                        holds = true;
                        Welcome(writer);
                        break;
                    case "detach":
                        lock (_gate)
                        {
                            _detached = true;
                        }

                        break;
                    case "stop":
                        await _stop.CancelAsync();
                        break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or JsonException)
        {
            // A holder that breaks off has let go.
        }

        lock (_gate)
        {
            _holders.Remove(writer);
        }

        if (holds)
        {
            LeaveIfAlone();
        }
    }

    private void Welcome(StreamWriter writer)
    {
        lock (_gate)
        {
            _said.ForEach(line => Send(writer, line));
            _holders.Add(writer);
        }
    }

    private void Say(SupervisorLine line)
    {
        lock (_gate)
        {
            Console.Error.WriteLine($"{line.Kind}: {line.Text ?? line.Url}");
            _said.Add(line);
            _holders.ToList().ForEach(holder => Send(holder, line));
        }
    }

    private static void Send(StreamWriter writer, SupervisorLine line)
    {
        try
        {
            writer.WriteLine(JsonSerializer.Serialize(line, CliJson.Default.SupervisorLine));
        }
        catch (IOException)
        {
            // Its reading side notices and lets go.
        }
    }
}
