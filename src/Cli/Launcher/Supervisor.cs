using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>A line between the supervisor and one that holds it.</summary>
/// <param name="Kind"><c>progress</c>, <c>ready</c>, <c>failed</c>; towards the supervisor <c>hold</c>, <c>detach</c>, <c>stop</c>.</param>
/// <param name="Text">For people.</param>
/// <param name="Url">With <c>ready</c>.</param>
/// <param name="Workers">With <c>hold</c>: how many workers there are to be at least.</param>
public sealed record SupervisorLine(
    string Kind,
    string? Text = null,
    string? Url = null,
    int Workers = 0
);

/// <summary>
/// One process a data folder. Every <c>run</c> and <c>up</c> holds it by an open connection; when the last one lets go,
/// however it dies, everything stops. <c>--detach</c> keeps it until <c>down</c>.
/// </summary>
public sealed class Supervisor(DataFolder data, ServiceOptions options) : IDisposable
{
    private static readonly TimeSpan FirstHolderLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HearLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<StreamWriter> _holders = [];
    private readonly List<SupervisorLine> _said = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _held = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _stopped = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private ServiceSet? _services;
    private bool _detached;

    /// <summary>Path of the socket of a folder's supervisor, or null where none was written.</summary>
    public static string? SocketOf(DataFolder data) =>
        File.Exists(data.In("supervisor.path"))
            ? File.ReadAllText(data.In("supervisor.path")).Trim()
            : null;

    /// <summary>Runs until nobody holds it.</summary>
    public async Task RunAsync()
    {
        using var folderLock = await TakeLockAsync();
        if (folderLock is null)
        {
            return; // another one serves this folder
        }

        var room = Room();
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
            room.FullName,
            text => Say(new SupervisorLine("progress", text))
        );
        _services = services;
        using var signals = Signals();
        try
        {
            await services.StartAsync(_stop.Token);
            new Connection(services.Url, data.Secret("token"), Environment.ProcessId).Write(data);
            Say(new SupervisorLine("ready", null, services.Url));
            _ready.TrySetResult();
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
            // What fails at once fails before the launcher listens; it is to hear the reason.
            await Task.WhenAny(_held.Task, Task.Delay(HearLimit));
        }
        finally
        {
            Connection.Remove(data);
            File.Delete(data.In("supervisor.path"));
            await services.StopAsync();
            _stopped.TrySetResult();
            listener.Close();
            await accepting;
            room.Delete(recursive: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    // Waits for one that is ending, and leaves where one answers.
    private async Task<FileStream?> TakeLockAsync()
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            if (data.TryLock() is { } taken)
            {
                return taken;
            }

            if (SocketOf(data) is not null)
            {
                return null;
            }

            await beat.WaitForNextTickAsync();
        }
    }

    // A folder for sockets, with a short path. One that a killed supervisor has left is removed first.
    private DirectoryInfo Room()
    {
        var record = data.In("room.path");
        if (File.Exists(record) && Directory.Exists(File.ReadAllText(record)))
        {
            Directory.Delete(File.ReadAllText(record), recursive: true);
        }

        var room = Directory.CreateTempSubdirectory("harness-sv-");
        // As root the database's user passes through it to its socket.
        room.UnixFileMode = (UnixFileMode)(
            Environment.IsPrivilegedProcess ? 0b111_001_001 : 0b111_000_000
        );
        File.WriteAllText(record, room.FullName);
        return room;
    }

    // A machine that shuts down says SIGTERM to every process: stop in order, database last.
    private PosixSignalRegistration Signals() =>
        PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            context =>
            {
                context.Cancel = true;
                _stop.Cancel();
            }
        );

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
                var line = JsonSerializer.Deserialize(text, CliJson.Default.SupervisorLine);
                switch (line?.Kind)
                {
                    case "hold":
                        holds = true;
                        Welcome(writer);
                        _ = StaffAsync(line.Workers);
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

        // Who let go last, or said stop, waits for the end of this connection: it comes when everything has stopped.
        if (_stop.IsCancellationRequested)
        {
            await _stopped.Task;
        }
    }

    // One that only read may have started this supervisor without workers.
    private async Task StaffAsync(int workers)
    {
        await _ready.Task;
        await _services!.StaffAsync(workers);
    }

    private void Welcome(StreamWriter writer)
    {
        lock (_gate)
        {
            // One that attaches when all is up hears nothing of a start that it did not wait for.
            var isUp = _ready.Task.IsCompletedSuccessfully;
            foreach (var line in _said.Where(line => !isUp || line.Kind != "progress"))
            {
                Send(writer, line);
            }

            _holders.Add(writer);
        }

        _held.TrySetResult();
    }

    private void Say(SupervisorLine line)
    {
        lock (_gate)
        {
            try
            {
                Console.Error.WriteLine($"{line.Kind}: {line.Text ?? line.Url}");
            }
            catch (IOException)
            {
                // Its log lies on a full disk; the holders are told all the same.
            }

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
