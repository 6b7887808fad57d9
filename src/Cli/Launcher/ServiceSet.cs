using System.Globalization;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>How many workers, and where the dashboard listens.</summary>
/// <param name="Workers">Worker programs.</param>
/// <param name="Port">Port of the dashboard; 0: any free one.</param>
public sealed record ServiceOptions(int Workers, int Port);

/// <summary>The programs of a data folder, started in order and stopped in reverse.</summary>
/// <param name="data">The data folder.</param>
/// <param name="options">Workers and port.</param>
/// <param name="say">Where progress and reasons go.</param>
public sealed class ServiceSet(DataFolder data, ServiceOptions options, Action<string> say)
    : IDisposable
{
    private static readonly TimeSpan ListenLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<(ChildProcess Child, int Stage)> _children = [];
    private readonly List<Task> _watches = [];
    private PrivatePostgres? _postgres;

    /// <summary>URL of the dashboard, once started.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Starts everything; the dashboard answers when this returns.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (options.Port != 0)
        {
            FreePort.Require(options.Port);
        }

        say("starting PostgreSQL");
        var postgres = _postgres = PrivatePostgres.Open(data);
        await KeepAsync(stage: 3, () => postgres.StartAsync(cancellation));
        await MigrateAsync(cancellation);

        say("starting silo and dashboard");
        var ports = FreePort.Choose(3);
        var cluster = Cluster(ports);
        var listen = options.Port == 0 ? ports[2] : options.Port;
        string? workersUrl = null;
        await KeepAsync(
            stage: 2,
            async () =>
            {
                // The address survives a restart of the silo, since the workers were told it.
                var silo = ChildProcess.StartProgram(
                    "silo",
                    "Silo",
                    Silo(cluster, workersUrl ?? "http://127.0.0.1:0"),
                    Log("silo")
                );
                workersUrl = await ListeningAsync(silo, cancellation);
                return silo;
            }
        );
        await KeepAsync(
            stage: 1,
            async () =>
            {
                var dashboard = ChildProcess.StartProgram(
                    "dashboard",
                    "Dashboard",
                    Dashboard(cluster, listen),
                    Log("dashboard")
                );
                Url = await ListeningAsync(dashboard, cancellation);
                await ReadyAsync(dashboard, Url, cancellation);
                return dashboard;
            }
        );
        for (var number = 1; number <= options.Workers; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"worker-{number}");
            await KeepAsync(
                stage: 0,
                () =>
                    Task.FromResult(
                        ChildProcess.StartProgram(
                            name,
                            "Worker",
                            Worker(name, workersUrl!),
                            Log(name)
                        )
                    )
            );
        }
    }

    /// <summary>Stops workers first, PostgreSQL last.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        foreach (
            var stage in _children
                .ToList()
                .GroupBy(entry => entry.Stage)
                .OrderBy(group => group.Key)
        )
        {
            await Task.WhenAll(stage.Select(entry => entry.Child.StopAsync()));
        }

        await Task.WhenAll(_watches.ToList());
        _children.ForEach(entry => entry.Child.Dispose());
        _postgres?.Clean();
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    // Starts a program, and starts it again with a growing pause when it ends by itself.
    private async Task KeepAsync(int stage, Func<Task<ChildProcess>> start)
    {
        var child = await start();
        lock (_children)
        {
            _children.Add((child, stage));
        }

        _watches.Add(WatchAsync(child, stage, start));
    }

    private async Task WatchAsync(ChildProcess child, int stage, Func<Task<ChildProcess>> start)
    {
        var pause = TimeSpan.FromMilliseconds(500);
        while (true)
        {
            try
            {
                await child.WaitAsync(_stopping.Token);
                say($"{child.Name} {child.Ending()}; starting it again: {child.LastLines()}");
                await Task.Delay(pause, _stopping.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                child = await start();
                lock (_children)
                {
                    _children.Add((child, stage));
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (HarnessException error)
            {
                say(error.Message);
            }
        }
    }

    private async Task MigrateAsync(CancellationToken cancellation)
    {
        using var migrate = ChildProcess.StartProgram(
            "migrate",
            "Silo",
            new Dictionary<string, string>
            {
                ["HARNESS_DATABASE"] = ConnectionString(PrivatePostgres.Owner),
                ["HARNESS_DATABASE_PASSWORD_FILE"] = data.Secret("owner"),
                ["HARNESS_SILO_PASSWORD_FILE"] = data.Secret("silo"),
                ["HARNESS_READ_PASSWORD_FILE"] = data.Secret("read"),
            },
            Log("migrate"),
            "migrate"
        );
        await migrate.WaitAsync(cancellation);
        if (migrate.ExitCode != 0)
        {
            throw new HarnessException(
                $"The database could not be brought up to date: {migrate.LastLines()}"
            );
        }
    }

    private static async Task<string> ListeningAsync(
        ChildProcess child,
        CancellationToken cancellation
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var exit = child.WaitAsync(ended.Token);
        var first = await Task.WhenAny(child.Listening, exit, Task.Delay(ListenLimit, ended.Token));
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return first == child.Listening
            ? await child.Listening
            : throw new HarnessException($"The {child.Name} did not start: {child.LastLines()}");
    }

    // It listens before it has found a silo; who calls it earlier is told so.
    private static async Task ReadyAsync(
        ChildProcess dashboard,
        string url,
        CancellationToken cancellation
    )
    {
        using var http = new HttpClient();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (
            var waited = TimeSpan.Zero;
            waited < ListenLimit && !dashboard.HasExited;
            waited += beat.Period
        )
        {
            try
            {
                using var answer = await http.GetAsync(
                    new Uri($"{url}/health/ready"),
                    cancellation
                );
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await beat.WaitForNextTickAsync(cancellation);
        }

        throw new HarnessException($"The dashboard found no silo: {dashboard.LastLines()}");
    }

    private string ConnectionString(string role) =>
        $"Host={_postgres!.Socket};Username={role};Database=postgres;Maximum Pool Size=16;Application Name={role}";

    private Dictionary<string, string> Cluster(int[] ports) =>
        new()
        {
            ["HARNESS_CLUSTER_ID"] = $"local-{ports[0]}-{Environment.ProcessId}",
            ["HARNESS_CLUSTER_SECRET_FILE"] = data.Secret("cluster"),
            ["HARNESS_SILO_PORT"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["HARNESS_GATEWAY_PORT"] = ports[1].ToString(CultureInfo.InvariantCulture),
            ["HARNESS_LIFELINE"] = "stdin",
        };

    private Dictionary<string, string> Silo(Dictionary<string, string> cluster, string listen) =>
        new(cluster)
        {
            ["HARNESS_DATABASE"] = ConnectionString("harness_silo"),
            ["HARNESS_DATABASE_PASSWORD_FILE"] = data.Secret("silo"),
            ["HARNESS_WORKER_LISTEN"] = listen,
            ["HARNESS_JOIN_TOKEN_FILE"] = data.Secret("join"),
        };

    private Dictionary<string, string> Dashboard(Dictionary<string, string> cluster, int port) =>
        new(cluster)
        {
            ["HARNESS_DATABASE"] = ConnectionString("harness_read"),
            ["HARNESS_DATABASE_PASSWORD_FILE"] = data.Secret("read"),
            ["HARNESS_LISTEN"] = $"http://127.0.0.1:{port}",
            ["HARNESS_TOKEN_FILE"] = data.Secret("token"),
        };

    private Dictionary<string, string> Worker(string name, string url) =>
        new()
        {
            ["HARNESS_SILO_URL"] = url,
            ["HARNESS_JOIN_TOKEN_FILE"] = data.Secret("join"),
            ["HARNESS_WORKER_NAME"] = name,
            ["HARNESS_SLOTS"] = Math.Max(1, Environment.ProcessorCount / options.Workers)
                .ToString(CultureInfo.InvariantCulture),
            ["HARNESS_SCRATCH"] = Path.Combine(data.Scratch, name),
            ["HARNESS_LIFELINE"] = "stdin",
        };

    private string Log(string name) => Path.Combine(data.Logs, $"{name}.log");
}
