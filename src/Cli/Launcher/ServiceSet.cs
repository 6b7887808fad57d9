using System.Diagnostics;
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
/// <param name="room">A folder with a short path, for sockets.</param>
/// <param name="say">Where progress and reasons go.</param>
public sealed class ServiceSet(
    DataFolder data,
    ServiceOptions options,
    string room,
    Action<string> say
) : IDisposable
{
    private static readonly TimeSpan ListenLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1); // a program that ran so long starts anew at once

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<(ChildProcess Child, int Stage)> _children = [];
    private readonly List<Task> _watches = [];
    private PrivatePostgres? _postgres;
    private string? _workersUrl;
    private int _staff;

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
        var postgres = _postgres = PrivatePostgres.Open(data, room, say, cancellation);
        await KeepAsync(
            stage: 3,
            () => postgres.Start(Common()),
            child => postgres.ReadyAsync(child, cancellation)
        );
        await MigrateAsync(cancellation);

        say("starting silo and dashboard");
        var ports = FreePort.Choose(3);
        var cluster = Cluster(ports);
        // The dashboard waits for the silo by itself, so both start at once.
        var silo = StartSiloAsync(cluster, cancellation);
        var port = options.Port == 0 ? ports[2] : options.Port;
        var dashboard = StartDashboardAsync(cluster, port, cancellation);
        await await Task.WhenAny(silo, dashboard); // the reason of the first that fails, not after the other's patience
        await Task.WhenAll(silo, dashboard);
        await StaffAsync(options.Workers);
    }

    /// <summary>Starts workers until there are so many.</summary>
    public async Task StaffAsync(int workers)
    {
        while (_staff < workers && !_stopping.IsCancellationRequested)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"worker-{++_staff}");
            await KeepAsync(
                stage: 0,
                () => ChildProcess.StartProgram(name, "Worker", Worker(name, workers), Log(name)),
                _ => Task.CompletedTask
            );
        }
    }

    private Task StartSiloAsync(
        Dictionary<string, string> cluster,
        CancellationToken cancellation
    ) =>
        KeepAsync(
            stage: 2,
            // The address survives a restart of the silo, since the workers were told it.
            () =>
                ChildProcess.StartProgram(
                    "silo",
                    "Silo",
                    Silo(cluster, _workersUrl ?? "http://127.0.0.1:0"),
                    Log("silo")
                ),
            async child => _workersUrl = await ListeningAsync(child, cancellation)
        );

    private Task StartDashboardAsync(
        Dictionary<string, string> cluster,
        int port,
        CancellationToken cancellation
    ) =>
        KeepAsync(
            stage: 1,
            () =>
                ChildProcess.StartProgram(
                    "dashboard",
                    "Dashboard",
                    Dashboard(cluster, port),
                    Log("dashboard")
                ),
            async child =>
            {
                Url = await ListeningAsync(child, cancellation);
                await Readiness.WaitAsync(child, Url, ListenLimit, cancellation);
            }
        );

    /// <summary>Stops workers first, PostgreSQL last.</summary>
    public async Task StopAsync()
    {
        List<(ChildProcess Child, int Stage)> children;
        lock (_children)
        {
            _stopping.Cancel();
            children = [.. _children];
        }

        foreach (var stage in children.GroupBy(entry => entry.Stage).OrderBy(group => group.Key))
        {
            await Task.WhenAll(stage.Select(entry => entry.Child.StopAsync()));
        }

        await Task.WhenAll(_watches.ToList());
        _children.ForEach(entry => entry.Child.Dispose());
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    // Starts a program, and starts it again with a growing pause when it ends by itself.
    private async Task KeepAsync(
        int stage,
        Func<ChildProcess> start,
        Func<ChildProcess, Task> ready
    )
    {
        var child = Enrol(start, stage);
        await ready(child);
        lock (_children)
        {
            _watches.Add(WatchAsync(child, stage, start, ready));
        }
    }

    // Nothing is started any more once the stop has begun: nobody would end it.
    private ChildProcess Enrol(Func<ChildProcess> start, int stage)
    {
        lock (_children)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            var child = start();
            _children.Add((child, stage));
            return child;
        }
    }

    private async Task WatchAsync(
        ChildProcess child,
        int stage,
        Func<ChildProcess> start,
        Func<ChildProcess, Task> ready
    )
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                var began = Stopwatch.GetTimestamp();
                await child.WaitAsync(_stopping.Token);
                pause = Stopwatch.GetElapsedTime(began) > Healthy ? FirstPause : pause;
                say(
                    $"{child.Name} {child.Ending()}; starting it again in {pause.TotalSeconds:0.#} s: {child.LastLines()}{FullDisk()}"
                );
                await Task.Delay(pause, _stopping.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                child = Enrol(start, stage);
                await ready(child);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error)
            {
                // Also a full disk under its log: whatever it was, the program is started again.
                say(error.Message);
            }
        }
    }

    // PostgreSQL ends itself when it cannot write: then the disk is the reason, whatever its last lines say.
    private string FullDisk() =>
        new[] { data.Path, _postgres?.Cluster }
            .OfType<string>()
            .Select(DiskSpace.Of)
            .Where(disk => disk.Free < DataFolder.LeastFreeBytes)
            .Select(disk => $"; the disk of {disk.Path} has {disk.Free >> 20} MiB left: free some")
            .FirstOrDefault()
        ?? "";

    private async Task MigrateAsync(CancellationToken cancellation)
    {
        using var migrate = ChildProcess.StartProgram(
            "migrate",
            "Silo",
            new Dictionary<string, string>(Common())
            {
                ["HARNESS_DATABASE"] = ConnectionString(PrivatePostgres.Owner),
                ["HARNESS_DATABASE_PASSWORD_FILE"] = data.Secret("owner"),
                ["HARNESS_SILO_PASSWORD_FILE"] = data.Secret("silo"),
                ["HARNESS_READ_PASSWORD_FILE"] = data.Secret("read"),
            },
            Log("migrate"),
            "migrate"
        );
        try
        {
            await migrate.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            await migrate.KillAsync(); // one transaction a migration: nothing is left half done
            throw;
        }

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

    private string ConnectionString(string role) =>
        $"Host={_postgres!.Socket};Username={role};Database=postgres;Maximum Pool Size=16;Application Name={role}";

    // Names the folder in every process's environment: one that outlives its launcher can be told by it.
    private Dictionary<string, string> Common() => new() { ["HARNESS_FOLDER"] = data.Path };

    private Dictionary<string, string> Cluster(int[] ports) =>
        new(Common())
        {
            ["HARNESS_DISK"] = $"{data.Path}:{_postgres!.Cluster}",
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
            ["HARNESS_CHECKPOINTS"] = data.Checkpoints,
        };

    private Dictionary<string, string> Dashboard(Dictionary<string, string> cluster, int port) =>
        new(cluster)
        {
            ["HARNESS_DATABASE"] = ConnectionString("harness_read"),
            ["HARNESS_DATABASE_PASSWORD_FILE"] = data.Secret("read"),
            ["HARNESS_LISTEN"] = $"http://127.0.0.1:{port}",
            ["HARNESS_TOKEN_FILE"] = data.Secret("token"),
        };

    private Dictionary<string, string> Worker(string name, int workers) =>
        new(Common())
        {
            ["HARNESS_SILO_URL"] = _workersUrl!,
            ["HARNESS_JOIN_TOKEN_FILE"] = data.Secret("join"),
            ["HARNESS_WORKER_NAME"] = name,
            ["HARNESS_SLOTS"] = Math.Max(1, Environment.ProcessorCount / workers)
                .ToString(CultureInfo.InvariantCulture),
            ["HARNESS_SCRATCH"] = Path.Combine(data.Scratch, name),
            ["HARNESS_LIFELINE"] = "stdin",
        };

    private string Log(string name) => Path.Combine(data.Logs, $"{name}.log");
}
