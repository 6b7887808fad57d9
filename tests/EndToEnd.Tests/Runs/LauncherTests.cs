using System.Diagnostics;
using System.Text.Json;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>
/// Several launchers of one data folder, and their death at any moment: each leaves a state from which the next
/// <c>run</c> finishes.
/// </summary>
[Collection(WholeRuns.Name)]
public sealed class LauncherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Three_runs_at_once_in_one_data_folder_all_finish()
    {
        await using var harness = new HarnessScript();
        var runs = Enumerable
            .Range(1, 3)
            .Select(async number =>
                await harness.RunAsync(
                    Patience,
                    "run",
                    await SpecAsync(harness, number, steps: 100),
                    "--json"
                )
            )
            .ToList();

        foreach (var run in runs)
        {
            Finished(await run);
        }

        await GoneAsync(harness, "the last holder stops everything");
    }

    [Fact]
    public async Task Two_launchers_at_once_hold_one_harness()
    {
        await using var harness = new HarnessScript();
        var launchers = new[]
        {
            harness.RunAsync(Patience, "up", "--detach", "--json"),
            harness.RunAsync(Patience, "up", "--detach", "--json"),
        };

        var urls = new List<string>();
        foreach (var launcher in launchers)
        {
            var up = await launcher;
            up.ExitCode.ShouldBe(0, up.Messages);
            urls.Add(up.Json().GetProperty("url").GetString()!);
        }

        urls[1].ShouldBe(urls[0]);
        harness
            .Processes()
            .Count(process =>
                process.CommandLine.Contains("Harness.Silo.dll", StringComparison.Ordinal)
            )
            .ShouldBe(1);
        (await harness.RunAsync(Patience, "down")).ExitCode.ShouldBe(0);
        await GoneAsync(harness, "down stops what both hold");
    }

    [Theory]
    [InlineData("Harness.Silo.dll")]
    [InlineData("Harness.Dashboard.dll")]
    [InlineData("supervise")]
    public async Task A_program_that_is_killed_during_a_run_leaves_a_state_that_the_next_run_finishes(
        string victim
    )
    {
        await using var harness = new HarnessScript();
        var spec = await SpecAsync(harness, 1, steps: 400);
        var run = harness.RunAsync(Patience, "run", spec, "--json");
        var killed = 0;
        await Eventually.IsAsync(
            () => Task.FromResult(run.IsCompleted || (killed = VictimOf(harness, victim)) != 0),
            TimeSpan.FromMinutes(2),
            () => $"no {victim} beside a running trial"
        );
        run.IsCompleted.ShouldBeFalse(run.IsCompleted ? (await run).Messages : "");
        using (var process = Process.GetProcessById(killed))
        {
            process.Kill();
        }

        var first = await run;
        if (victim == "supervise")
        {
            // Nobody is left who could start anything again: the run says so, and ends what it had started.
            first.ExitCode.ShouldBe(3, first.Messages);
            first.Messages.ShouldNotContain("unexpected");
            await GoneAsync(harness, "nothing outlives the supervisor");
        }
        else
        {
            Finished(first);
        }

        Finished(await harness.RunAsync(Patience, "run", spec, "--json"));
    }

    [Fact]
    public async Task Ctrl_C_at_random_moments_leaves_a_state_that_the_next_run_finishes()
    {
        var seed = Environment.TickCount & 0xffff;
        var random = new Random(seed);
        await using var harness = new HarnessScript();
        var spec = await SpecAsync(harness, 1, steps: 400);
        var moments = new List<double>();
        for (var time = 1; time <= 3; time++)
        {
            var run = harness.Start("run", spec);
            _ = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var messages = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            moments.Add(0.3 + 14 * random.NextDouble());
            await Task.WhenAny(
                run.WaitForExitAsync(TestContext.Current.CancellationToken),
                Task.Delay(TimeSpan.FromSeconds(moments[^1]), TestContext.Current.CancellationToken)
            );
            Interrupt(run);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
            run.ExitCode.ShouldBeOneOf([130, 0], $"seed {seed}: {await messages}");
            await GoneAsync(harness, $"seed {seed}, after {moments[^1]:0.0} s");
        }

        Finished(await harness.RunAsync(Patience, "run", spec, "--json"));
    }

    private static void Finished(HarnessScript.Ended run)
    {
        run.ExitCode.ShouldBe(0, run.Messages);
        var trials = run.Json().GetProperty("trials").EnumerateArray().ToList();
        trials.ShouldNotBeEmpty();
        trials.ShouldAllBe(trial =>
            trial.GetProperty("state").ValueKind == JsonValueKind.String
            && trial.GetProperty("state").GetString() == "succeeded"
        );
    }

    private static Task GoneAsync(HarnessScript harness, string otherwise) =>
        Eventually.IsAsync(
            () => Task.FromResult(harness.Processes().Count == 0),
            TimeSpan.FromSeconds(30),
            () => $"{otherwise}: {string.Join('\n', harness.Processes())}"
        );

    private static async Task<string> SpecAsync(HarnessScript harness, int number, int steps)
    {
        var file = Path.Combine(harness.Data, $"sweep-{number}.yml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            version: 1
            name: launched-{{number}}
            parameters:
              model: {values: [gru, lstm]}
              task: {value: parity}
              width: {value: {{16 + number}}}
            seeds: 1
            budget: {steps: {{steps}}}
            """,
            TestContext.Current.CancellationToken
        );
        return file;
    }

    // While a trainer runs.
    private static int VictimOf(HarnessScript harness, string name)
    {
        var processes = harness.Processes();
        return processes.Any(process =>
            process.CommandLine.Contains("Harness.Training.dll", StringComparison.Ordinal)
        )
            ? processes
                .FirstOrDefault(process =>
                    process.CommandLine.Contains(name, StringComparison.Ordinal)
                )
                .Id
            : 0;
    }

    private static void Interrupt(Process run)
    {
        using var kill = Process.Start(
            new ProcessStartInfo("kill", ["-INT", $"{run.Id}"]) { RedirectStandardError = true }
        )!;
        kill.WaitForExit();
    }
}
