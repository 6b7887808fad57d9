using System.Globalization;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>PostgreSQL's server programs on this machine.</summary>
/// <param name="Folder">Folder of <c>initdb</c> and <c>postgres</c>.</param>
/// <param name="Major">Major version.</param>
public sealed record PostgresBinaries(string Folder, int Major)
{
    private const int OldestMajor = 14; // the schema uses nothing newer

    /// <summary>
    /// The programs: from <c>HARNESS_POSTGRES</c>, PATH, or a distribution's folders; none there: fetched into a cache.
    /// A cluster that exists decides the version.
    /// </summary>
    /// <param name="clusterMajor">Version of an existing cluster, or null.</param>
    /// <param name="say">Where progress of a download goes; null: nothing is fetched.</param>
    /// <param name="cancellation">Breaks a download off.</param>
    public static PostgresBinaries Find(
        int? clusterMajor,
        Action<string>? say,
        CancellationToken cancellation = default
    )
    {
        var found = Installed();
        if (
            Right(found, clusterMajor) is null
            && Setting is null
            && say is not null
            && PostgresDownload.Fetch(clusterMajor, say, cancellation)
        )
        {
            found = Installed();
        }

        if (Right(found, clusterMajor) is { } right)
        {
            return right;
        }

        if (clusterMajor is { } major && (found.Count > 0 || Setting is null))
        {
            throw new HarnessException(
                $"The data folder holds a cluster of PostgreSQL {major}, and this machine has {Versions(found)}: install postgresql-{major}, use another folder with --data, or `harness upgrade` this one where both versions are."
            );
        }

        throw new HarnessException(
            found.Count == 0 && Setting is { } chosen
                ? $"HARNESS_POSTGRES names {chosen}, which does not hold initdb and postgres: give the folder that does, or unset it."
            : found.Count == 0
                ? "PostgreSQL's server programs are not on this machine: run `apt-get install postgresql`, or set HARNESS_POSTGRES to the folder with initdb and postgres."
            : $"PostgreSQL {OldestMajor} or newer is needed, and this machine has {Versions(found)}: install a newer one, or set HARNESS_POSTGRES to its folder."
        );
    }

    /// <summary>All on this machine, whatever <c>HARNESS_POSTGRES</c> says; newest first.</summary>
    public static IReadOnlyList<PostgresBinaries> All() =>
        [
            .. (Setting is { } chosen ? [chosen] : Enumerable.Empty<string>())
                .Concat(Places())
                .Where(Complete)
                .Select(folder => new PostgresBinaries(folder, MajorOf(folder)))
                .OrderByDescending(binaries => binaries.Major),
        ];

    /// <summary>What its programs need in their environment.</summary>
    public IReadOnlyDictionary<string, string> Environment() => Environment(Folder);

    private static Dictionary<string, string> Environment(string folder) =>
        PostgresDownload.Libraries(folder) is { } libraries
            ? new() { ["LD_LIBRARY_PATH"] = libraries }
            : [];

    /// <summary>The folder that <c>HARNESS_POSTGRES</c> names, or null.</summary>
    public static string? Setting =>
        System.Environment.GetEnvironmentVariable("HARNESS_POSTGRES") is { Length: > 0 } chosen
            ? chosen
            : null;

    private static List<PostgresBinaries> Installed() =>
        [
            .. Candidates()
                .Where(Complete)
                .Select(folder => new PostgresBinaries(folder, MajorOf(folder))),
        ];

    private static PostgresBinaries? Right(List<PostgresBinaries> found, int? clusterMajor) =>
        found.FirstOrDefault(binaries =>
            binaries.Major == clusterMajor
            || (clusterMajor is null && binaries.Major >= OldestMajor)
        );

    private static string Versions(List<PostgresBinaries> found) =>
        found.Count == 0 ? "none" : string.Join(", ", found.Select(binaries => binaries.Major));

    private static IEnumerable<string> Candidates()
    {
        if (Setting is { } chosen)
        {
            return [chosen]; // a setting is meant: nothing else is looked at
        }

        return Places();
    }

    private static IEnumerable<string> Places()
    {
        var path = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        return path.Concat(Versioned("/usr/lib/postgresql", "bin"))
            .Concat(Versioned("/usr/pgsql", "bin"))
            .Concat(Versioned("/opt/homebrew/opt", "bin"))
            .Concat(["/usr/local/pgsql/bin"])
            .Concat(PostgresDownload.Folders());
    }

    // /usr/lib/postgresql/15/bin, newest first.
    private static IEnumerable<string> Versioned(string root, string below) =>
        Directory.Exists(root)
            ? Directory
                .GetDirectories(root)
                .OrderByDescending(folder => Number(Path.GetFileName(folder)))
                .Select(folder => Path.Combine(folder, below))
            : [];

    private static int Number(string name) =>
        int.TryParse(
            name.Replace("postgresql@", "", StringComparison.Ordinal),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;

    private static bool Complete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb"))
        && File.Exists(Path.Combine(folder, "postgres"));

    private static int MajorOf(string folder)
    {
        var settings = Environment(folder).Select(entry => $"{entry.Key}={entry.Value}");
        var answer = Tool.Run(
            "/usr/bin/env",
            [.. settings, Path.Combine(folder, "postgres"), "--version"]
        ).Output; // postgres (PostgreSQL) 15.18 (Debian …)
        return answer
            .Split(' ')
            .Select(word => Number(word.Split('.')[0]))
            .FirstOrDefault(number => number > 0);
    }
}
