using System.Net;
using Harness.Domain;
using Harness.Grains.Disk;
using Npgsql;

namespace Harness.Dashboard;

/// <summary>What the environment told this program.</summary>
public sealed record DashboardSettings
{
    /// <summary>URL of pages and API, e.g. <c>http://127.0.0.1:0</c>.</summary>
    public required string Listen { get; init; }

    /// <summary>Npgsql connection string of the reading role.</summary>
    public required string Database { get; init; }

    /// <summary>Its password, when the string holds none.</summary>
    public string? DatabasePassword { get; init; }

    /// <summary>Orleans cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Shared secret of the Orleans connections.</summary>
    public required string ClusterSecret { get; init; }

    /// <summary>Admin token; null: one is made for this run.</summary>
    public string? Token { get; init; }

    /// <summary>Names with a dot under which people reach the dashboard.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Disks of the database, as far as this program sees them.</summary>
    public DiskGuard Disk { get; init; } = DiskGuard.None;

    /// <summary>The connection string with its password, for the cluster's membership.</summary>
    public string ConnectionString()
    {
        var settings = new NpgsqlConnectionStringBuilder(Database);
        settings.Password = string.IsNullOrEmpty(DatabasePassword)
            ? settings.Password
            : DatabasePassword;
        return settings.ConnectionString;
    }

    /// <summary>Refuses what would be open to a network without anyone having chosen a token.</summary>
    public DashboardSettings Checked()
    {
        if (
            !Uri.TryCreate(Listen, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
        )
        {
            throw new HarnessException(
                $"HARNESS_LISTEN is '{Listen}', which is no URL: give one like http://127.0.0.1:5080.",
                HarnessException.BadInput
            );
        }

        var isLoopback =
            uri.Host == "localhost"
            || (
                IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
                && IPAddress.IsLoopback(address)
            );
        return isLoopback || Token is { Length: >= 16 }
            ? this
            : throw new HarnessException(
                $"The dashboard would listen on {uri.Host} for anyone: set HARNESS_TOKEN (16 characters or more), "
                    + "or listen on 127.0.0.1.",
                HarnessException.BadInput
            );
    }
}
