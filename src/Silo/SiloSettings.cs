using System.Net;
using System.Net.Sockets;
using Harness.Domain;
using Harness.Silo.Checkpoints;
using Npgsql;

namespace Harness.Silo;

/// <summary>Settings of a silo, from the environment.</summary>
public sealed record SiloSettings
{
    /// <summary>Npgsql's form, password included.</summary>
    public required string Database { get; init; }

    /// <summary>Orleans cluster that this silo belongs to.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Secret of the connection handshake.</summary>
    public required string ClusterSecret { get; init; }

    /// <summary>Address that other silos and the dashboard connect to; the only one that is listened on.</summary>
    public required IPAddress Advertise { get; init; }

    /// <summary>Port for other silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Port for the dashboard.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>URL of the workers' endpoint.</summary>
    public required string WorkerListen { get; init; }

    /// <summary>Token that workers must show; null: none, and only loopback is listened on.</summary>
    public required string? JoinToken { get; init; }

    /// <summary>Where checkpoints lie.</summary>
    public required CheckpointSettings Checkpoints { get; init; }

    /// <summary>Reads and checks them; a message for people when one is missing or wrong.</summary>
    public static SiloSettings Read()
    {
        var settings = new SiloSettings
        {
            Database = DatabaseConnection(),
            ClusterId = HostSettings.Find("HARNESS_CLUSTER_ID") ?? "harness",
            ClusterSecret = HostSettings.Require(
                "HARNESS_CLUSTER_SECRET",
                "a random text that all programs of the cluster share"
            ),
            Advertise = Resolve(HostSettings.Find("HARNESS_ADVERTISE") ?? "127.0.0.1"),
            SiloPort = (int)HostSettings.Integer("HARNESS_SILO_PORT", 11_111, 1, 65_535),
            GatewayPort = (int)HostSettings.Integer("HARNESS_GATEWAY_PORT", 30_000, 1, 65_535),
            WorkerListen = HostSettings.Find("HARNESS_WORKER_LISTEN") ?? "http://127.0.0.1:8081",
            JoinToken = HostSettings.Find("HARNESS_JOIN_TOKEN"),
            Checkpoints = CheckpointSettings.Read(),
        };
        settings.Check();
        return settings;
    }

    /// <summary>The database's connection string with its password.</summary>
    public static string DatabaseConnection()
    {
        var text = HostSettings.Require("HARNESS_DATABASE", "the connection string of PostgreSQL");
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            if (HostSettings.Find("HARNESS_DATABASE_PASSWORD") is { } password)
            {
                connection.Password = password;
            }

            return connection.ConnectionString;
        }
        catch (ArgumentException wrong)
        {
            throw new HarnessException(
                $"HARNESS_DATABASE is no connection string ({wrong.Message}): write it as Host=…;Database=…;Username=….",
                HarnessException.BadInput,
                wrong
            );
        }
    }

    private void Check()
    {
        if (ClusterSecret.Length < 16)
        {
            throw new HarnessException(
                "HARNESS_CLUSTER_SECRET is shorter than 16 characters: give a longer random text.",
                HarnessException.BadInput
            );
        }

        if (JoinToken is null && !IsLoopback(WorkerListen))
        {
            throw new HarnessException(
                $"HARNESS_WORKER_LISTEN is {WorkerListen}, which others can reach, and HARNESS_JOIN_TOKEN is not set: set it, or listen on 127.0.0.1.",
                HarnessException.BadInput
            );
        }
    }

    private static bool IsLoopback(string url)
    {
        try
        {
            var host = BindingAddress.Parse(url).Host;
            return host == "localhost"
                || (
                    IPAddress.TryParse(host.Trim('[', ']'), out var address)
                    && IPAddress.IsLoopback(address)
                );
        }
        catch (FormatException wrong)
        {
            throw new HarnessException(
                $"HARNESS_WORKER_LISTEN is '{url}': give a URL such as http://127.0.0.1:8081.",
                HarnessException.BadInput,
                wrong
            );
        }
    }

    // A container knows its host name and not its address.
    private static IPAddress Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(host, AddressFamily.InterNetwork)[0];
        }
        catch (Exception cause)
            when (cause is SocketException or IndexOutOfRangeException or ArgumentException)
        {
            throw new HarnessException(
                $"HARNESS_ADVERTISE is '{host}', which has no address: give this machine's IP address.",
                HarnessException.BadInput,
                cause
            );
        }
    }
}
