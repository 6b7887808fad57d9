using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>Holds a data folder's supervisor, which it starts where none runs.</summary>
public sealed class Holder : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly DataFolder _data;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;
    private Task _listening = Task.CompletedTask;

    private Holder(DataFolder data, Socket socket)
    {
        _data = data;
        _stream = new NetworkStream(socket, ownsSocket: true);
        (_reader, _writer) = (
            new StreamReader(_stream),
            new StreamWriter(_stream) { AutoFlush = true }
        );
    }

    /// <summary>URL of the dashboard.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Whether the supervisor ran before.</summary>
    public bool Attached { get; private init; }

    /// <summary>Takes hold, and waits until everything answers.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="options">What to start where nothing runs.</param>
    /// <param name="say">Where progress goes.</param>
    /// <param name="cancellation">Lets go.</param>
    public static async Task<Holder> TakeAsync(
        DataFolder data,
        ServiceOptions options,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var socket = await ConnectAsync(data);
        var attached = socket is not null;
        socket ??= await StartAsync(data, options);
        var holder = new Holder(data, socket) { Attached = attached };
        try
        {
            await holder.SendAsync(new SupervisorLine("hold", Workers: options.Workers));
            await holder.ReadyAsync(say, cancellation);
        }
        catch
        {
            // Whoever gives up lets go, and waits until what it started is gone.
            await holder.DisposeAsync();
            throw;
        }

        holder._listening = holder.ListenAsync(say);
        return holder;
    }

    /// <summary>Keeps the supervisor after this holder has let go.</summary>
    public Task DetachAsync() => SendAsync(new SupervisorLine("detach"));

    /// <summary>Ends when the supervisor is gone: stopped by <c>down</c>, or killed.</summary>
    public Task Gone => _listening;

    /// <summary>Stops a folder's supervisor, if one runs.</summary>
    /// <returns>False where none ran.</returns>
    public static async Task<bool> StopAsync(DataFolder data)
    {
        if (await ConnectAsync(data) is not { } socket)
        {
            return false;
        }

        await using var holder = new Holder(data, socket);
        await holder.SendAsync(new SupervisorLine("stop"));
        return true;
    }

    /// <summary>Lets go, and waits until the supervisor is gone where this was its last holder.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopLimit);
        try
        {
            _stream.Socket.Shutdown(SocketShutdown.Send);
            // The other side closes once it has stopped everything, or at once where others hold it still.
            await _listening.WaitAsync(patience.Token);
            while (await _reader.ReadLineAsync(patience.Token) is not null) { }
        }
        catch (Exception gone)
            when (gone is IOException or SocketException or OperationCanceledException)
        {
            // Closed in the other order.
        }

        await _stream.DisposeAsync();
        await WaitForEndAsync(patience.Token);
    }

    // While the lock is taken and nobody answers, the supervisor is ending.
    private async Task WaitForEndAsync(CancellationToken patience)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (
            Supervisor.SocketOf(_data) is null && !LockIsFree() && !patience.IsCancellationRequested
        )
        {
            await beat.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private bool LockIsFree()
    {
        using var taken = _data.TryLock();
        return taken is not null;
    }

    private async Task SendAsync(SupervisorLine line)
    {
        try
        {
            await _writer.WriteLineAsync(
                JsonSerializer.Serialize(line, CliJson.Default.SupervisorLine)
            );
        }
        catch (IOException)
        {
            // It is ending; the reading side says so.
        }
    }

    // Restarts of programs, with their reasons, for as long as this holder lives.
    private async Task ListenAsync(Action<string> say)
    {
        try
        {
            while (await _reader.ReadLineAsync() is { } text)
            {
                var line = JsonSerializer.Deserialize(text, CliJson.Default.SupervisorLine)!;
                if (line is { Kind: "progress", Text: { } said })
                {
                    say(said);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The same as an orderly end.
        }
    }

    private async Task ReadyAsync(Action<string> say, CancellationToken cancellation)
    {
        while (await _reader.ReadLineAsync(cancellation) is { } text)
        {
            var line = JsonSerializer.Deserialize(text, CliJson.Default.SupervisorLine)!;
            switch (line.Kind)
            {
                case "ready":
                    Url = line.Url!;
                    return;
                case "failed":
                    throw new HarnessException(line.Text!);
                default:
                    say(line.Text ?? "");
                    break;
            }
        }

        throw new HarnessException(
            $"The supervisor ended while it was starting: see {Path.Combine(_data.Logs, "supervisor.log")}."
        );
    }

    private static async Task<Socket?> ConnectAsync(DataFolder data)
    {
        if (Supervisor.SocketOf(data) is not { } path || !File.Exists(path))
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose(); // left by a supervisor that was killed
            return null;
        }
    }

    // Two launchers may start one each: the second supervisor sees the first and leaves.
    // Not to be cancelled: a supervisor that nobody takes hold of would start everything. It is let go right after.
    private static async Task<Socket> StartAsync(DataFolder data, ServiceOptions options)
    {
        Start(data, options);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var waited = TimeSpan.Zero; waited < ConnectLimit; waited += beat.Period)
        {
            if (await ConnectAsync(data) is { } socket)
            {
                return socket;
            }

            await beat.WaitForNextTickAsync(CancellationToken.None);
        }

        throw new HarnessException(
            $"The supervisor did not start: see {Path.Combine(data.Logs, "supervisor.log")}."
        );
    }

    // A session of its own: Ctrl-C in this terminal must reach this program, which then stops the others in order.
    private static void Start(DataFolder data, ServiceOptions options)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        string[] arguments =
        [
            "-c",
            "exec setsid \"$@\" </dev/null >>\"$LOG\" 2>&1 &",
            "sh",
            Environment.ProcessPath!,
            Programs.Path("Cli"),
            "supervise",
            "--data",
            data.Path,
            "--workers",
            $"{options.Workers}",
            "--port",
            $"{options.Port}",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LOG"] = Path.Combine(data.Logs, "supervisor.log");
        using var shell = Process.Start(start)!;
        shell.WaitForExit();
    }
}
