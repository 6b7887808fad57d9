using System.Diagnostics;
using System.Text;
using Harness.EndToEnd.Tests.Runs;

namespace Harness.EndToEnd.Tests.Failures;

/// <summary>Ctrl-C at any moment: exit code 130, nothing is left running, and the same command goes on.</summary>
public sealed class InterruptionTests
{
    // On a quiet machine it takes one to four seconds. Above it something was killed after its patience of 20 s.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private const string Sweep = """
        version: 1
        name: interrupted
        parameters:
          model: {values: [gru, lstm]}
          task: {value: parity}
        seeds: 2
        budget: {steps: 300}
        """;

    [Theory(Explicit = true)] // whole runs: ./dev runs
    [InlineData("", "interrupted before the sweep was submitted")]
    [InlineData("starting PostgreSQL", "interrupted before the sweep was submitted")]
    [InlineData("starting silo and dashboard", "interrupted before the sweep was submitted")]
    [InlineData("1 running", "goes on from there")]
    public async Task A_run_that_is_interrupted_stops_everything_and_the_next_one_finishes(
        string moment,
        string told
    )
    {
        await using var harness = new CommandProcess();
        var spec = Path.Combine(harness.Folder, "sweep.yml");
        await File.WriteAllTextAsync(spec, Sweep, TestContext.Current.CancellationToken);

        using (var run = harness.Start("run", spec))
        {
            var messages = await HeardAsync(harness, run, moment);
            var clock = Stopwatch.StartNew();
            Interrupt(run);
            messages.Append(await run.StandardError.ReadToEndAsync(Cancellation));
            await run.WaitForExitAsync(Cancellation);

            run.ExitCode.ShouldBe(130, messages.ToString());
            clock.Elapsed.ShouldBeLessThan(StopLimit, messages.ToString());
            messages.ToString().ShouldContain(told);
            messages.ToString().ShouldNotContain("No worker is connected");
            HarnessScript
                .ProcessesOf(harness.Data)
                .ShouldBeEmpty("everything is gone when the command returns");
            NothingWasKilled(harness);
        }

        var again = await harness.RunAsync("run", spec, "--json");
        again.ExitCode.ShouldBe(0, again.Messages);
        var trials = again.Json().GetProperty("trials").EnumerateArray().ToList();
        trials.Count.ShouldBe(4);
        trials.ShouldAllBe(trial => trial.GetProperty("state").GetString() == "succeeded");
    }

    [Fact(Explicit = true)] // a whole start: ./dev runs
    public async Task What_goes_on_in_the_background_is_stopped_by_down_right_after_its_start()
    {
        await using var harness = new CommandProcess();
        var up = await harness.RunAsync("up", "--detach", "--json");
        up.ExitCode.ShouldBe(0, up.Messages);
        var url = up.Json().GetProperty("url").GetString()!;

        var clock = Stopwatch.StartNew();
        var down = await harness.RunAsync("down");
        down.ExitCode.ShouldBe(0, down.Messages);
        clock.Elapsed.ShouldBeLessThan(StopLimit);
        HarnessScript.ProcessesOf(harness.Data).ShouldBeEmpty();
        NothingWasKilled(harness);

        using var http = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() =>
            http.GetAsync(new Uri($"{url}/health/live"), Cancellation)
        );
    }

    [Fact(Explicit = true)] // a whole start: ./dev runs
    public async Task A_data_folder_of_a_newer_version_is_refused_in_one_sentence()
    {
        await using var harness = new CommandProcess();
        var up = await harness.RunAsync("up", "--detach");
        up.ExitCode.ShouldBe(0, up.Messages);
        var room = await File.ReadAllTextAsync(
            Path.Combine(harness.Data, "room.path"),
            Cancellation
        );
        var password = await File.ReadAllTextAsync(
            Path.Combine(harness.Data, "secrets", "owner"),
            Cancellation
        );
        await using (
            var owner = Npgsql.NpgsqlDataSource.Create(
                $"Host={room}/pg;Username=harness_owner;Database=postgres;Pooling=false;Password={password}"
            )
        )
        {
            await using var command = owner.CreateCommand(
                "insert into schema_version (script, hash) values ('9999_later.sql', 'x')"
            );
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        (await harness.RunAsync("down")).ExitCode.ShouldBe(0);

        var again = await harness.RunAsync("up");
        again.ExitCode.ShouldBe(3);
        again.Messages.ShouldContain(
            "was made by a newer version (it has 9999_later.sql): run that version"
        );
        HarnessScript.ProcessesOf(harness.Data).ShouldBeEmpty();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Reads until the moment is told; without one, until the data folder is there and a supervisor is being started.
    private static async Task<StringBuilder> HeardAsync(
        CommandProcess harness,
        Process run,
        string moment
    )
    {
        var heard = new StringBuilder();
        if (moment.Length == 0)
        {
            await Eventually.IsAsync(
                () => Task.FromResult(Directory.Exists(Path.Combine(harness.Data, "logs"))),
                StartLimit,
                () => "no data folder"
            );
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(StartLimit);
        while (moment.Length > 0)
        {
            var line =
                await run.StandardError.ReadLineAsync(deadline.Token)
                ?? throw new InvalidOperationException($"it ended before '{moment}': {heard}");
            heard.AppendLine(line);
            if (line.Contains(moment, StringComparison.Ordinal))
            {
                break;
            }
        }

        return heard;
    }

    private static void Interrupt(Process run) =>
        CommandProcess.Shell($"kill -INT {run.Id}").ShouldBe(0);

    private static void NothingWasKilled(CommandProcess harness)
    {
        foreach (var log in Directory.GetFiles(Path.Combine(harness.Data, "logs")))
        {
            var text = File.ReadAllText(log);
            text.ShouldNotContain("was killed: it had not stopped");
            text.ShouldNotContain("Unhandled exception");
        }
    }
}
