using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Harness.Cli.Launcher;
using Harness.Domain;
using Npgsql;

namespace Harness.Faults;

/// <summary>The product's programs on a data folder of their own, each of which may be ended and stopped at any moment.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private const int WorkerCount = 3;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harness-faults-");
    private readonly DirectoryInfo _room = Directory.CreateTempSubdirectory("hf-"); // short: a socket's path is limited
    private readonly DataFolder _data;
    private readonly PrivatePostgres _postgres;
    private readonly Dictionary<string, string> _common;
    private readonly int[] _ports = FreePort.Choose(4);
    private HttpClient? _api;

    private Rig()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // The database's user passes through both.
            File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_001_001);
            File.SetUnixFileMode(_room.FullName, (UnixFileMode)0b111_001_001);
        }

        _data = new DataFolder(_folder.FullName);
        _common = new() { ["HARNESS_FOLDER"] = _data.Path };
        _postgres = PrivatePostgres.Open(
            _data,
            _room.FullName,
            Console.Error.WriteLine,
            CancellationToken.None
        );
        Proxy = new PostgresProxy(
            new UnixDomainSocketEndPoint(Path.Combine(_postgres.Socket, ".s.PGSQL.5432"))
        );
        Postgres = new Part(
            "postgres",
            () => _postgres.Start(_common),
            child => _postgres.ReadyAsync(child, CancellationToken.None),
            PostmasterOf
        );
        Silo = Program("silo", "Silo", SiloSettings(), child => child.Listening);
        Dashboard = Program(
            "dashboard",
            "Dashboard",
            DashboardSettings(),
            async child =>
                await Readiness.WaitAsync(
                    child,
                    await child.Listening,
                    ReadyLimit,
                    CancellationToken.None
                )
        );
        Workers =
        [
            .. Enumerable
                .Range(1, WorkerCount)
                .Select(number => $"worker-{number}")
                .Select(name =>
                    Program(name, "Worker", WorkerSettings(name), _ => Task.CompletedTask)
                ),
        ];
        Database = NpgsqlDataSource.Create(
            $"{Connection(PrivatePostgres.Owner)};Password={File.ReadAllText(_data.Secret("owner"))}"
        );
    }

    public PostgresProxy Proxy { get; }

    public Part Postgres { get; }

    public Part Silo { get; }

    public Part Dashboard { get; }

    public IReadOnlyList<Part> Workers { get; }

    /// <summary>The database as its owner, past the proxy.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>What the environment of every trainer holds.</summary>
    public string Scratch => _data.Scratch;

    /// <summary>Starts everything.</summary>
    public static async Task<Rig> StartAsync()
    {
        var rig = new Rig();
        await rig.Postgres.StartAsync();
        await rig.MigrateAsync();
        await Task.WhenAll(rig.Silo.StartAsync(), rig.Dashboard.StartAsync());
        foreach (var worker in rig.Workers)
        {
            await worker.StartAsync();
        }

        rig._api = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{rig._ports[2]}"),
            Timeout = TimeSpan.FromSeconds(30),
        };
        rig._api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            File.ReadAllText(rig._data.Secret("token"))
        );
        return rig;
    }

    /// <summary>Submits a sweep as a person does. Null: not now, and the same may be submitted again.</summary>
    public async Task<string?> SubmitAsync(string sweep)
    {
        try
        {
            using var content = new StringContent(sweep, Encoding.UTF8, "application/yaml");
            using var answer = await _api!.PostAsync("api/v1/sweeps", content);
            if (answer.IsSuccessStatusCode)
            {
                return (
                    await answer.Content.ReadFromJsonAsync(DomainJson.Default.SubmitReply)
                )!.Sweep;
            }

            return (int)answer.StatusCode >= 500
                ? null
                : throw new HarnessException(await answer.Content.ReadAsStringAsync());
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>A number of the database.</summary>
    public async Task<long> CountAsync(string query)
    {
        await using var command = Database.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Copies the logs of all programs, to be read.</summary>
    public void KeepLogs(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var log in Directory.GetFiles(_data.Logs))
        {
            File.Copy(log, Path.Combine(folder, Path.GetFileName(log)), overwrite: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Workers.Select(worker => worker.StopAsync()));
        await Task.WhenAll(Dashboard.StopAsync(), Silo.StopAsync());
        await Database.DisposeAsync();
        await Postgres.StopAsync();
        Proxy.Dispose();
        _api?.Dispose();
        foreach (var part in Workers.Append(Dashboard).Append(Silo).Append(Postgres))
        {
            part.Dispose();
        }

        _room.Delete(recursive: true);
        _folder.Delete(recursive: true);
    }

    private Part Program(
        string name,
        string program,
        Dictionary<string, string> settings,
        Func<ChildProcess, Task> ready
    ) =>
        new(
            name,
            () => ChildProcess.StartProgram(name, program, settings, Log(name)),
            ready,
            () => Processes.AllWith($"HARNESS_RIG_PART={_data.Path}/{name} ").FirstOrDefault()
        );

    // The first line of its lock file. Its command line is also that of the shell that guards it.
    private int PostmasterOf()
    {
        try
        {
            return int.Parse(
                File.ReadLines(Path.Combine(_postgres.Cluster, "postmaster.pid")).First(),
                CultureInfo.InvariantCulture
            );
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    private async Task MigrateAsync()
    {
        using var migrate = ChildProcess.StartProgram(
            "migrate",
            "Silo",
            new Dictionary<string, string>(_common)
            {
                ["HARNESS_DATABASE"] = Connection(PrivatePostgres.Owner),
                ["HARNESS_DATABASE_PASSWORD_FILE"] = _data.Secret("owner"),
                ["HARNESS_SILO_PASSWORD_FILE"] = _data.Secret("silo"),
                ["HARNESS_READ_PASSWORD_FILE"] = _data.Secret("read"),
            },
            Log("migrate"),
            "migrate"
        );
        await migrate.WaitAsync(CancellationToken.None);
        if (migrate.ExitCode != 0)
        {
            throw new HarnessException(migrate.LastLines());
        }
    }

    private Dictionary<string, string> SiloSettings() =>
        new(Cluster("silo"))
        {
            ["HARNESS_DATABASE"] =
                $"Host=127.0.0.1;Port={Proxy.Port};SSL Mode=Disable;GSS Encryption Mode=Disable;Username=harness_silo;Database=postgres;Maximum Pool Size=16",
            ["HARNESS_DATABASE_PASSWORD_FILE"] = _data.Secret("silo"),
            ["HARNESS_WORKER_LISTEN"] = $"http://127.0.0.1:{_ports[3]}",
            ["HARNESS_JOIN_TOKEN_FILE"] = _data.Secret("join"),
            ["HARNESS_CHECKPOINTS"] = _data.Checkpoints,
            ["HARNESS_LEASE_SECONDS"] = FaultPlan.LeaseSeconds.ToString(
                CultureInfo.InvariantCulture
            ),
            ["HARNESS_BEAT_SECONDS"] = "1.5",
        };

    private Dictionary<string, string> DashboardSettings() =>
        new(Cluster("dashboard"))
        {
            ["HARNESS_DATABASE"] = Connection("harness_read"),
            ["HARNESS_DATABASE_PASSWORD_FILE"] = _data.Secret("read"),
            ["HARNESS_LISTEN"] = $"http://127.0.0.1:{_ports[2]}",
            ["HARNESS_TOKEN_FILE"] = _data.Secret("token"),
        };

    private Dictionary<string, string> WorkerSettings(string name) =>
        new(Named(name))
        {
            ["HARNESS_SILO_URL"] = $"http://127.0.0.1:{_ports[3]}",
            ["HARNESS_JOIN_TOKEN_FILE"] = _data.Secret("join"),
            ["HARNESS_WORKER_NAME"] = name,
            ["HARNESS_HOST_ID"] = name,
            ["HARNESS_SLOTS"] = "2",
            ["HARNESS_SCRATCH"] = Path.Combine(_data.Scratch, name),
        };

    private Dictionary<string, string> Cluster(string name) =>
        new(Named(name))
        {
            ["HARNESS_CLUSTER_ID"] = "faults",
            ["HARNESS_CLUSTER_SECRET_FILE"] = _data.Secret("cluster"),
            ["HARNESS_SILO_PORT"] = _ports[0].ToString(CultureInfo.InvariantCulture),
            ["HARNESS_GATEWAY_PORT"] = _ports[1].ToString(CultureInfo.InvariantCulture),
        };

    private Dictionary<string, string> Named(string name) =>
        new(_common)
        {
            ["HARNESS_LIFELINE"] = "stdin",
            ["HARNESS_RIG_PART"] = $"{_data.Path}/{name} ",
        };

    private string Connection(string role) =>
        $"Host={_postgres.Socket};Username={role};Database=postgres";

    private string Log(string name) => Path.Combine(_data.Logs, $"{name}.log");
}
