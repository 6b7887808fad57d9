using System.Net;
using System.Net.Sockets;

namespace Harness.Faults;

/// <summary>
/// Stands between a writer and PostgreSQL. It cuts a connection at a commit: before it, so that nothing is written, or
/// after it, so that the writer cannot know whether anything was. And it passes statements on in other words: so a
/// guard can be taken out of one without a switch in the product.
/// </summary>
public sealed class PostgresProxy : IDisposable
{
    private readonly EndPoint _server;
    private readonly Func<string, string>? _rewrite;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private int _before;
    private int _after;

    /// <summary>Listens at once.</summary>
    /// <param name="server">Where PostgreSQL listens.</param>
    /// <param name="rewrite">What is passed on instead of a statement; null: the statement.</param>
    public PostgresProxy(EndPoint server, Func<string, string>? rewrite = null)
    {
        (_server, _rewrite) = (server, rewrite);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the silo connects to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Commits at which a connection was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts the next commit that comes.</summary>
    public void Arm(bool afterCommit)
    {
        if (afterCommit)
        {
            Interlocked.Increment(ref _after);
        }
        else
        {
            Interlocked.Increment(ref _before);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    /// <summary>What is to be done with a commit.</summary>
    internal Cut OnCommit()
    {
        var cut =
            Take(ref _after) ? Cut.After
            : Take(ref _before) ? Cut.Before
            : Cut.No;
        Cuts += cut == Cut.No ? 0 : 1;
        return cut;
    }

    private static bool Take(ref int armed)
    {
        int before;
        do
        {
            before = Volatile.Read(ref armed);
        } while (
            before > 0 && Interlocked.CompareExchange(ref armed, before - 1, before) != before
        );
        return before > 0;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // The rig ends.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (
            var server = new Socket(
                _server.AddressFamily,
                SocketType.Stream,
                _server is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified
            )
        )
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(_server, _stop.Token);
                await new ProxyConnection(this, client, server, _rewrite).RunAsync(_stop.Token);
            }
            catch (Exception ended)
                when (ended is SocketException or IOException or OperationCanceledException)
            {
                // One side has gone, and the other goes with it.
            }
        }
    }
}

/// <summary>Where a connection is cut.</summary>
internal enum Cut
{
    No,
    Before,
    After,
}
