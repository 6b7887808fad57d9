using System.Net;
using System.Net.Sockets;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>Ports of the loopback interface.</summary>
public static class FreePort
{
    /// <summary>Some free ports, all different.</summary>
    public static int[] Choose(int count)
    {
        var listeners = Enumerable
            .Range(0, count)
            .Select(_ => new TcpListener(IPAddress.Loopback, 0))
            .ToList();
        try
        {
            listeners.ForEach(listener => listener.Start());
        }
        catch (SocketException error)
        {
            throw new HarnessException(
                $"No port of 127.0.0.1 can be listened on ({error.Message.TrimEnd('.')}): look at the limits of this machine or container.",
                HarnessException.Infrastructure,
                error
            );
        }

        var ports = listeners
            .Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)
            .ToArray();
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }

    /// <summary>Throws when someone listens on that port.</summary>
    public static void Require(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new HarnessException(
                $"Port {port} is taken: choose another one with --port, or leave --port out for a free one.",
                HarnessException.Infrastructure,
                error
            );
        }
    }
}
