using System.Security.Cryptography;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>
/// Where a cluster lies when the server's unprivileged user cannot reach the data folder: a path of its own, recorded
/// in the data folder. Rooms of data folders that were deleted are removed, so that deleting one is a clean slate.
/// </summary>
public static class PrivateRoom
{
    // Not /tmp or /var/tmp: systems clean those by age.
    private static readonly string Parent = "/var/lib/harness";

    /// <summary>File of the data folder that names the cluster.</summary>
    public static string RecordOf(DataFolder data) => data.In("postgres.path");

    /// <summary>The recorded cluster; a message where it is gone.</summary>
    public static string Existing(DataFolder data)
    {
        var cluster = File.ReadAllText(RecordOf(data)).Trim();
        return Directory.Exists(Path.GetDirectoryName(cluster))
            ? cluster
            : throw new HarnessException(
                $"The database of {data.Path} was at {cluster} and is gone: bring it back, or delete {data.Path} to start anew."
            );
    }

    /// <summary>Makes and records a new one.</summary>
    public static string Make(DataFolder data)
    {
        const UnixFileMode passable = (UnixFileMode)0b111_001_001;
        Directory.CreateDirectory(Parent, passable);
        Sweep();
        var room = Path.Combine(
            Parent,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))
        );
        Directory.CreateDirectory(room, passable);
        var cluster = Path.Combine(room, "postgres");
        File.WriteAllText(RecordOf(data), cluster + "\n");
        File.WriteAllText(Path.Combine(room, "owner"), data.Path); // last: a room without it is not swept
        return cluster;
    }

    private static void Sweep()
    {
        foreach (var room in Directory.GetDirectories(Parent))
        {
            var owner = Path.Combine(room, "owner");
            var record = File.Exists(owner)
                ? Path.Combine(File.ReadAllText(owner), "postgres.path")
                : null;
            if (
                record is not null
                && !(
                    File.Exists(record)
                    && File.ReadAllText(record).Contains(room, StringComparison.Ordinal)
                )
                && !File.Exists(Path.Combine(room, "postgres", "postmaster.pid"))
            )
            {
                Directory.Delete(room, recursive: true);
            }
        }
    }
}
