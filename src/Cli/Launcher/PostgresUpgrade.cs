using System.Globalization;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>
/// Brings a data folder's cluster to a newer PostgreSQL: everything is written to a file, read into a new cluster, and
/// only then the new one takes the place of the old one, which stays beside it.
/// </summary>
/// <param name="data">The data folder, which nobody serves.</param>
/// <param name="say">Where progress goes.</param>
public sealed class PostgresUpgrade(DataFolder data, Action<string> say)
{
    /// <summary>Upgrades to the newest version on this machine.</summary>
    /// <returns>What was done, in a sentence.</returns>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        using var taken =
            data.TryLock()
            ?? throw new HarnessException(
                $"A harness runs on {data.Path}: stop it with `harness down`, then upgrade."
            );
        if (PrivatePostgres.Existing(data) is not var (cluster, major))
        {
            return $"{data.Path} holds no database yet: there is nothing to upgrade.";
        }

        var programs = PostgresBinaries.All();
        if (programs is not [var target, ..] || target.Major <= major)
        {
            return $"The database is of PostgreSQL {major}, and this machine has no newer one. Its tables are brought up to date by every start.";
        }

        var old = WithTools(programs, major);
        var dump = data.In(string.Create(CultureInfo.InvariantCulture, $"postgres-{major}.sql"));
        var kept = string.Create(CultureInfo.InvariantCulture, $"{cluster}-{major}");
        if (Directory.Exists(kept))
        {
            throw new HarnessException(
                $"{kept} is left of an earlier upgrade: remove it, then upgrade."
            );
        }

        say($"writing the database to {dump}");
        await ServeAsync(
            old,
            socket =>
                Run(
                    old,
                    socket,
                    "pg_dump",
                    cancellation,
                    "--no-owner",
                    "--no-privileges",
                    "-f",
                    dump
                ),
            cancellation
        );
        File.SetUnixFileMode(dump, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.Move(cluster, kept);
        try
        {
            say($"reading it into a cluster of PostgreSQL {target.Major}");
            await ServeAsync(
                target,
                socket =>
                    Run(
                        old,
                        socket,
                        "psql",
                        cancellation,
                        "-qX1",
                        "-v",
                        "ON_ERROR_STOP=1",
                        "-f",
                        dump
                    ),
                cancellation
            );
        }
        catch
        {
            // As it was: the next start finds the old cluster.
            if (Directory.Exists(cluster))
            {
                Directory.Delete(cluster, recursive: true);
            }

            Directory.Move(kept, cluster);
            throw;
        }

        return $"The database is of PostgreSQL {target.Major} now. The old one is in {kept} and its contents in {dump}: remove both when all is well.";
    }

    // The old version's tools: a newer server reads what they write, and the other way round it does not.
    private static PostgresBinaries WithTools(IEnumerable<PostgresBinaries> programs, int major) =>
        programs.FirstOrDefault(one =>
            one.Major == major
            && File.Exists(Path.Combine(one.Folder, "pg_dump"))
            && File.Exists(Path.Combine(one.Folder, "psql"))
        )
        ?? throw new HarnessException(
            $"The database is of PostgreSQL {major}, whose programs (postgres, pg_dump, psql) are not all on this machine: install postgresql-{major}, then upgrade."
        );

    private async Task ServeAsync(
        PostgresBinaries programs,
        Action<string> work,
        CancellationToken cancellation
    )
    {
        var room = Directory.CreateTempSubdirectory("hu-"); // short: a socket's path is limited
        if (Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(room.FullName, (UnixFileMode)0b111_001_001); // the server's user passes through
        }

        try
        {
            var postgres = PrivatePostgres.Open(data, room.FullName, say, cancellation, programs);
            using var server = postgres.Start(new Dictionary<string, string>());
            try
            {
                await postgres.ReadyAsync(server, cancellation);
                work(postgres.Socket);
            }
            finally
            {
                await server.StopAsync();
            }
        }
        finally
        {
            room.Delete(recursive: true);
        }
    }

    private void Run(
        PostgresBinaries programs,
        string socket,
        string tool,
        CancellationToken cancellation,
        params string[] arguments
    ) =>
        Tool.Require(
            $"{tool} of PostgreSQL {programs.Major}",
            "/usr/bin/env",
            [
                .. programs.Environment().Select(entry => $"{entry.Key}={entry.Value}"),
                $"PGPASSWORD={File.ReadAllText(data.Secret("owner"))}",
                Path.Combine(programs.Folder, tool),
                "-h",
                socket,
                "-U",
                PrivatePostgres.Owner,
                "-d",
                "postgres",
                .. arguments,
            ],
            cancellation
        );
}
