using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Harness.Cli.Launcher;
using Harness.Domain;
using Harness.Domain.Api;
using Npgsql;

namespace Harness.Bench;

/// <summary>The product as its own launcher starts it: PostgreSQL with fsync, silo, dashboard, and as many workers as asked.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly DirectoryInfo _room;
    private readonly ServiceSet _services;
    private readonly HttpClient _api;

    private Rig(DirectoryInfo folder, DirectoryInfo room, DataFolder data, ServiceSet services)
    {
        (_folder, _room, _services) = (folder, room, services);
        _api = new HttpClient
        {
            BaseAddress = new Uri(services.Url),
            Timeout = TimeSpan.FromMinutes(10),
        };
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            File.ReadAllText(data.Secret("token"))
        );
        JoinToken = File.ReadAllText(data.Secret("join"));
        Workers = new Uri(
            File.ReadLines(Path.Combine(data.Logs, "silo.log"))
                .Last(line => line.StartsWith("listening ", StringComparison.Ordinal))[10..]
        );
        Database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder
            {
                Host = Path.Combine(room.FullName, "pg"),
                Username = PrivatePostgres.Owner,
                Password = File.ReadAllText(data.Secret("owner")),
                Database = "postgres",
            }.ConnectionString
        );
    }

    /// <summary>The workers' endpoint.</summary>
    public Uri Workers { get; }

    /// <summary>Token of that endpoint.</summary>
    public string JoinToken { get; }

    /// <summary>The database as its owner.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>Starts everything on a fresh data folder.</summary>
    public static async Task<Rig> StartAsync(int workers = 0)
    {
        var folder = Directory.CreateTempSubdirectory("harness-bench-");
        var room = Directory.CreateTempSubdirectory("hb-"); // short: a socket's path is limited to 107 bytes
        if (Environment.IsPrivilegedProcess)
        {
            // The database's user passes through both.
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_001_001);
            File.SetUnixFileMode(room.FullName, (UnixFileMode)0b111_001_001);
        }

        var data = new DataFolder(folder.FullName);
        var services = new ServiceSet(
            data,
            new ServiceOptions(workers, Port: 0),
            room.FullName,
            text => Console.Error.WriteLine($"  {text}")
        );
        await services.StartAsync(CancellationToken.None);
        return new Rig(folder, room, data, services);
    }

    /// <summary>Submits a sweep file as a person does.</summary>
    public async Task<SubmitReply> SubmitAsync(string sweep)
    {
        using var content = new StringContent(sweep, Encoding.UTF8, "application/yaml");
        using var answer = await _api.PostAsync("api/v1/sweeps", content);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync(DomainJson.Default.SubmitReply))!
            : throw new HarnessException(
                $"The submit was refused: {await answer.Content.ReadAsStringAsync()}"
            );
    }

    /// <summary>One number of the database.</summary>
    public async Task<T> ScalarAsync<T>(string query)
    {
        await using var command = Database.CreateCommand(query);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until a question to the database is answered by true; a database that is away is no answer.</summary>
    public async Task UntilAsync(string question, TimeSpan within, TimeSpan? every = null)
    {
        using var limit = new CancellationTokenSource(within);
        using var beat = new PeriodicTimer(every ?? TimeSpan.FromMilliseconds(50));
        while (!await HoldsAsync(question))
        {
            if (!await WaitAsync(beat, limit.Token))
            {
                throw new TimeoutException($"not within {within}: {question}");
            }
        }
    }

    /// <summary>
    /// Waits until the programs have done what a submit leaves behind: statistics, clean pages, the look at the promises
    /// of the history that comes once a minute. Its time belongs to the submit, not to what is measured next.
    /// </summary>
    public static async Task QuietAsync(TimeSpan atLeast)
    {
        const double quiet = 0.2; // CPU-s in two seconds
        var began = TimeProvider.System.GetTimestamp();
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(2));
        for (var before = CpuClock.Read(); await beat.WaitForNextTickAsync(); )
        {
            var after = CpuClock.Read();
            var waited = TimeProvider.System.GetElapsedTime(began);
            if (
                waited > atLeast
                    && CpuClock.Between(before, after, "database", "silo", "dashboard") < quiet
                || waited > atLeast + TimeSpan.FromMinutes(1)
            )
            {
                return;
            }

            before = after;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _api.Dispose();
        await _services.StopAsync();
        _services.Dispose();
        _room.Delete(recursive: true);
        _folder.Delete(recursive: true);
    }

    private async Task<bool> HoldsAsync(string question)
    {
        try
        {
            return await ScalarAsync<bool>(question);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer beat, CancellationToken limit)
    {
        try
        {
            return await beat.WaitForNextTickAsync(limit);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A sweep of no-op trials: one a seed and width, so that no two sweeps of different names share one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="trials">How many.</param>
    /// <param name="task">Its task, with settings of it.</param>
    public static string Sweep(string name, int trials, string task = "task: {value: noop}")
    {
        // Names differ in the warm-up, which costs nothing where nothing is trained: the trials are others then.
        var salt = name.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter)) & 0x7ffff;
        var seeds = trials <= 10_000 ? trials : 1_000;
        var widths = string.Join(", ", Enumerable.Range(1, (trials + seeds - 1) / seeds)); // rounded up to a thousand
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            version: 1
            name: {{name}}
            parameters:
              model: {value: rnn}
              {{task}}
              width: {values: [{{widths}}]}
              warmup_steps: {value: {{salt}}}
            seeds: {{seeds}}
            budget: {steps: 10}
            """
        );
    }
}
