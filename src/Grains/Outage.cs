using System.Net.Sockets;
using Npgsql;

namespace Harness.Grains;

/// <summary>Tells a database that is away from a statement that is wrong.</summary>
public static class Outage
{
    /// <summary>Whether trying again later may help.</summary>
    public static bool Is(Exception failure) =>
        failure switch
        {
            // Out of resources, administrator's shutdown, starting up, deadlock, serialization, lost connection.
            PostgresException { SqlState: { } state } => state[..2] is "08" or "40" or "53" or "57",
            NpgsqlException or SocketException or IOException or TimeoutException => true,
            OperationCanceledException => true,
            _ => failure.InnerException is { } inner && Is(inner),
        };

    /// <summary>Runs a piece of work; an outage becomes the exception that crosses grain calls.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (Is(failure))
        {
            throw new DatabaseUnavailableException();
        }
    }
}
