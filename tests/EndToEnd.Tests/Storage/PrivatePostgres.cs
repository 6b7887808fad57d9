using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>A PostgreSQL of this test run alone: a short folder, a socket in it, no port.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    // The shell ends the server when the test process is gone, however it went: its end of the pipe closes.
    private const string Guard =
        "\"$@\" </dev/null & p=$!; cat >/dev/null; kill -INT $p 2>/dev/null; wait $p";

    private readonly string _folder;
    private readonly string _binaries;
    private Process? _guard;

    private readonly string[] _settings;

    private PrivatePostgres(string folder, string binaries, string[] settings) =>
        (_folder, _binaries, _settings) = (folder, binaries, settings);

    /// <summary>As its superuser.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Path.Combine(_folder, "s"),
            Username = "postgres",
            Database = "postgres",
            // Tests stop servers and start them again; a pool must not remember the old one.
            Timeout = 5,
        }.ConnectionString;

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Folder with initdb and postgres, the newest; null where there is none.</summary>
    public static string? FindBinaries()
    {
        const string distribution = "/usr/lib/postgresql";
        var folders = Directory.Exists(distribution)
            ? Directory
                .GetDirectories(distribution)
                .OrderByDescending(folder =>
                    int.TryParse(
                        Path.GetFileName(folder),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var version
                    )
                        ? version
                        : 0
                )
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders
            .Concat(path)
            .FirstOrDefault(folder =>
                File.Exists(Path.Combine(folder, "initdb"))
                && File.Exists(Path.Combine(folder, "postgres"))
            );
    }

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="binaries">Where its programs are.</param>
    /// <param name="settings">More settings, name=value.</param>
    public static async Task<PrivatePostgres> StartAsync(string binaries, params string[] settings)
    {
        var folder = Path.Combine("/tmp", "hpg-" + Guid.NewGuid().ToString("N")[..8]);
        // Root may not run the server; its user must be able to walk through.
        await RunAsync("install", ["-d", "-m", "711", folder]);
        var server = new PrivatePostgres(folder, binaries, settings);
        foreach (var name in new[] { "d", "s" })
        {
            string[] owner = IsRoot ? ["-o", "postgres", "-g", "postgres"] : [];
            await RunAsync("install", ["-d", .. owner, "-m", "700", Path.Combine(folder, name)]);
        }

        var init = As(
            Path.Combine(binaries, "initdb"),
            [
                "-D",
                Path.Combine(folder, "d"),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
            ]
        );
        await RunAsync(init[0], init[1..]);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, and waits for the first answer.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        string[] command =
        [
            "-c",
            Guard,
            "guard",
            .. As(
                Path.Combine(_binaries, "postgres"),
                [
                    "-D",
                    Path.Combine(_folder, "d"),
                    "-k",
                    Path.Combine(_folder, "s"),
                    "-c",
                    "listen_addresses=",
                    "-c",
                    "fsync=off",
                    "-c",
                    "max_connections=300",
                    "-c",
                    "log_min_messages=fatal",
                    .. _settings.SelectMany(setting => new[] { "-c", setting }),
                ]
            ),
        ];
        foreach (var word in command)
        {
            start.ArgumentList.Add(word);
        }

        _guard = Process.Start(start)!;
        _guard.ErrorDataReceived += (_, _) => { };
        _guard.BeginErrorReadLine();
        var clock = Stopwatch.StartNew();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(
                    $"{ConnectionString};Pooling=false"
                );
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException)
                when (clock.Elapsed < TimeSpan.FromSeconds(60) && !_guard.HasExited)
            {
                await beat.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Stops it: open connections are cut.</summary>
    public async Task StopAsync()
    {
        if (_guard is { } guard)
        {
            guard.StandardInput.Close();
            await guard.WaitForExitAsync();
            guard.Dispose();
            _guard = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string[] As(string program, string[] arguments) =>
        IsRoot
            ?
            [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                program,
                .. arguments,
            ]
            : [program, .. arguments];

    /// <summary>What pg_dump writes, without owners and rights.</summary>
    public static async Task<string> DumpAsync(string connection, IReadOnlyList<string> what)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        return await RunAsync(
            Path.Combine(FindBinaries()!, "pg_dump"),
            [
                $"--host={settings.Host}",
                $"--username={settings.Username}",
                $"--dbname={settings.Database}",
                "--no-owner",
                "--no-privileges",
                .. what,
            ]
        );
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} ended with {process.ExitCode}: {await output}{errors}"
            );
        }

        return await output;
    }
}
