using System.Globalization;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>A PostgreSQL of the data folder's own: a unix socket in a private folder, no network.</summary>
/// <remarks>
/// As root the server runs as an unprivileged user. Where that user cannot pass through the data folder's parents, the
/// cluster lies in a short private path that the data folder records. Only the launcher's supervisor, which holds the
/// folder's lock, may call this.
/// </remarks>
public sealed class PrivatePostgres
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10); // a fast shutdown takes 0.1 s on a quiet machine

    // Stops the server (SIGINT: fast shutdown) when this program dies and the pipe ends; ends when the server does.
    // The signal is repeated: a shell starts background programs with SIGINT ignored, and until the server has set its
    // own handler one signal is lost. A second one changes nothing of a shutdown that has begun. What waits for the
    // pipe's end outlives the server, so it must not hold the log open: the server's death would never be heard of.
    private const string Guard = """
        exec 3<&0
        "$@" </dev/null 3<&- & server=$!
        (exec >/dev/null 2>&1; cat <&3; while kill -INT $server; do sleep 0.1; done) & watch=$!
        wait $server; code=$?
        kill $watch 2>/dev/null
        exit $code
        """;

    private static readonly string[] UserNames = ["postgres", "nobody"];

    private readonly DataFolder _data;
    private readonly string? _user;
    private readonly PostgresBinaries _binaries;
    private readonly string _cluster;

    private PrivatePostgres(
        DataFolder data,
        string? user,
        string cluster,
        string socket,
        PostgresBinaries binaries
    )
    {
        (_data, _user, _cluster, Socket, _binaries) = (data, user, cluster, socket, binaries);
    }

    /// <summary>Folder of the database.</summary>
    public string Cluster => _cluster;

    /// <summary>Folder of the socket: the host of a connection string.</summary>
    public string Socket { get; }

    /// <summary>Name of the role that owns the cluster.</summary>
    public const string Owner = "harness_owner";

    /// <summary>Finds or makes the cluster.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="room">A folder with a short path, for the socket.</param>
    /// <param name="say">Where progress goes.</param>
    /// <param name="cancellation">Breaks off a download, or the making of a cluster.</param>
    /// <param name="programs">Which programs; null: those that the cluster asks for.</param>
    public static PrivatePostgres Open(
        DataFolder data,
        string room,
        Action<string> say,
        CancellationToken cancellation,
        PostgresBinaries? programs = null
    )
    {
        var user = Environment.IsPrivilegedProcess ? UnprivilegedUser() : null;
        var cluster = ClusterPath(data, user);
        var major = MajorOf(cluster);
        var binaries = programs ?? PostgresBinaries.Find(major, say, cancellation);

        // Short whatever the data folder's path: a socket's path is limited to 107 bytes.
        var socket = Path.Combine(room, "pg");
        Directory.CreateDirectory(socket, (UnixFileMode)0b111_000_000);
        Own(socket, user);
        var postgres = new PrivatePostgres(data, user, cluster, socket, binaries);
        if (major is null)
        {
            if (cluster != data.In("postgres"))
            {
                say(
                    $"the database lies in {cluster}, since its user '{user}' cannot reach {data.Path}"
                );
            }

            postgres.Initialise(cancellation);
        }

        return postgres;
    }

    /// <summary>Where the cluster of a folder lies, and its version; null where there is none yet.</summary>
    public static (string Cluster, int Major)? Existing(DataFolder data)
    {
        var cluster = ClusterPath(
            data,
            Environment.IsPrivilegedProcess ? UnprivilegedUser() : null
        );
        return MajorOf(cluster) is { } major ? (cluster, major) : null;
    }

    /// <summary>Starts the server.</summary>
    public ChildProcess Start(IReadOnlyDictionary<string, string> environment)
    {
        RemoveStaleLock();
        return ChildProcess.Start(
            "postgres",
            "/bin/sh",
            [
                "-c",
                Guard,
                "sh",
                .. AsUser(),
                Path.Combine(_binaries.Folder, "postgres"),
                "-D",
                _cluster,
                "-k",
                Socket,
                "-c",
                "listen_addresses=",
                "-c",
                "unix_socket_permissions=0700",
                "-c",
                "fsync=on",
                "-c",
                "jit=off", // fetched binaries come without its library, and no query here is long
                "-c",
                "max_connections=60",
            ],
            new Dictionary<string, string>(environment.Concat(_binaries.Environment())),
            Path.Combine(_data.Logs, "postgres.log")
        );
    }

    /// <summary>Waits until the server takes connections.</summary>
    public async Task ReadyAsync(ChildProcess child, CancellationToken cancellation)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var waited = TimeSpan.Zero; waited < StartLimit; waited += beat.Period)
        {
            if (child.HasExited)
            {
                throw new HarnessException($"PostgreSQL did not start: {child.LastLines()}");
            }

            if (Ready())
            {
                return;
            }

            await beat.WaitForNextTickAsync(cancellation);
        }

        throw new HarnessException(
            $"PostgreSQL was not ready within {StartLimit.TotalSeconds} s: {child.LastLines()}"
        );
    }

    // The eighth line of the server's lock file tells its state.
    private bool Ready()
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(_cluster, "postmaster.pid"));
            return lines.Length >= 8 && lines[7].Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Initialise(CancellationToken cancellation)
    {
        var fresh = _cluster + ".new"; // renamed when whole: a broken off initdb leaves nothing that looks like a cluster
        if (Directory.Exists(fresh))
        {
            Directory.Delete(fresh, recursive: true);
        }

        Directory.CreateDirectory(fresh, (UnixFileMode)0b111_000_000);
        Own(fresh, _user);
        var password = Path.Combine(Socket, "password");
        File.Copy(_data.Secret("owner"), password);
        Own(password, _user);
        string[] command =
        [
            .. AsUser(),
            "/usr/bin/env",
            .. _binaries.Environment().Select(entry => $"{entry.Key}={entry.Value}"),
            Path.Combine(_binaries.Folder, "initdb"),
            "-D",
            fresh,
            "-U",
            Owner,
            "--pwfile",
            password,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--no-locale",
        ];
        Tool.Require("Making the database cluster", command[0], command[1..], cancellation);
        File.Delete(password);
        Directory.Move(fresh, _cluster);
    }

    // A lock file may name a server that ends right now (its launcher was killed), or a process that took its number.
    private void RemoveStaleLock()
    {
        var file = Path.Combine(_cluster, "postmaster.pid");
        if (!File.Exists(file))
        {
            return;
        }

        var first = File.ReadLines(file).FirstOrDefault()?.Trim() ?? "";
        var ended = SpinWait.SpinUntil(() => !IsOurs(first), EndLimit);
        if (!ended)
        {
            throw new HarnessException(
                $"Another PostgreSQL (process {first}) runs on {_cluster}: stop it, or use another folder with --data."
            );
        }

        File.Delete(file);
    }

    private bool IsOurs(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline")
                .Contains(_cluster, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private IEnumerable<string> AsUser() =>
        _user is null
            ? []
            :
            [
                "/usr/bin/setpriv",
                $"--reuid={_user}",
                $"--regid={GroupOf(_user)}",
                "--init-groups",
            ];

    private static string GroupOf(string user) => Tool.Run("id", "-g", user).Output.Trim();

    private static string UnprivilegedUser() =>
        UserNames.FirstOrDefault(user => Tool.Run("id", "-u", user).ExitCode == 0)
        ?? throw new HarnessException(
            "PostgreSQL refuses to run as root, and there is neither a user 'postgres' nor 'nobody': run harness as another user."
        );

    private static void Own(string path, string? user)
    {
        if (user is not null)
        {
            Tool.Require(
                $"Giving {path} to {user}",
                "chown",
                [$"{user}:{GroupOf(user)}", path],
                CancellationToken.None
            );
        }
    }

    private static string ClusterPath(DataFolder data, string? user)
    {
        var recorded = PrivateRoom.RecordOf(data);
        if (File.Exists(recorded))
        {
            return PrivateRoom.Existing(data);
        }

        var inside = data.In("postgres");
        if (Directory.Exists(inside) || user is null || Reachable(data.Path, user))
        {
            return inside;
        }

        return PrivateRoom.Make(data);
    }

    private static int? MajorOf(string cluster)
    {
        var version = Path.Combine(cluster, "PG_VERSION");
        return File.Exists(version)
            ? int.Parse(File.ReadAllText(version).Trim(), CultureInfo.InvariantCulture)
            : null;
    }

    private static bool Reachable(string folder, string user) =>
        Tool.Run(
            "/usr/bin/setpriv",
            $"--reuid={user}",
            $"--regid={GroupOf(user)}",
            "--init-groups",
            "test",
            "-x",
            folder
        ).ExitCode == 0;
}
