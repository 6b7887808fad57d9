using System.Diagnostics;
using System.Text.Json;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>kill -9 while an attempt runs: the loss is recorded, the trial runs again, its result counts once.</summary>
[Collection(WholeRuns.Name)]
public sealed class KilledProcessTests
{
    private const string Sweep = """
        version: 1
        name: killed
        parameters:
          model: {values: [gru, lstm]}
          task: {value: parity}
          width: {value: 32}
        seeds: 2
        budget: {steps: 400}
        """;

    [Theory]
    [InlineData("Harness.Training.dll", "crashed")]
    [InlineData("Harness.Worker.dll", "expired")]
    public async Task A_trial_of_a_killed_process_is_finished_by_a_later_attempt(
        string program,
        string loss
    )
    {
        await using var harness = new HarnessScript();
        var spec = await harness.WriteSweepAsync(Sweep);
        var run = harness.RunAsync(
            TimeSpan.FromMinutes(6),
            "run",
            spec,
            "--workers",
            "2",
            "--json"
        );

        var victim = 0;
        await Eventually.IsAsync(
            () => Task.FromResult(run.IsCompleted || (victim = VictimOf(harness, program)) != 0),
            TimeSpan.FromMinutes(2),
            () =>
                $"no {program} that holds a running attempt; processes: {string.Join('\n', harness.Processes())}"
        );
        run.IsCompleted.ShouldBeFalse(run.IsCompleted ? (await run).Messages : "");
        using (var process = Process.GetProcessById(victim))
        {
            process.Kill();
        }

        var ended = await run;
        ended.ExitCode.ShouldBe(0, ended.Messages);
        var trials = ended.Json().GetProperty("trials").EnumerateArray().ToList();
        trials.ShouldAllBe(trial => trial.GetProperty("state").GetString() == "succeeded");
        trials.Max(trial => trial.GetProperty("attempts").GetInt32()).ShouldBeGreaterThan(1);

        var export = await harness.RunAsync(
            TimeSpan.FromMinutes(2),
            "export",
            "events",
            "--format",
            "jsonl"
        );
        export.ExitCode.ShouldBe(0, export.Messages);
        var events = export
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        events.ShouldContain(row => row.GetProperty("kind").GetString() == loss);
        foreach (var trial in trials.Select(trial => trial.GetProperty("trial").GetString()))
        {
            events
                .Count(row => Is(row, trial!, "completed"))
                .ShouldBe(1, $"{trial} has exactly one accepted result");
        }
    }

    [Fact]
    public async Task A_killed_database_is_started_again_and_the_run_ends_well()
    {
        await using var harness = new HarnessScript();
        var spec = await harness.WriteSweepAsync(Sweep);
        var run = harness.RunAsync(TimeSpan.FromMinutes(6), "run", spec, "--json");
        var server = 0;
        await Eventually.IsAsync(
            () =>
                Task.FromResult(
                    run.IsCompleted
                        || VictimOf(harness, "Harness.Training.dll") != 0
                            && (server = ServerOf(harness)) != 0
                ),
            TimeSpan.FromMinutes(2),
            () => "no database with a running attempt"
        );
        run.IsCompleted.ShouldBeFalse(run.IsCompleted ? (await run).Messages : "");
        using (var process = Process.GetProcessById(server))
        {
            process.Kill();
        }

        var ended = await run;
        ended.ExitCode.ShouldBe(0, ended.Messages);
        ended.Messages.ShouldContain("postgres was ended by signal 9; starting it again");
        ended
            .Json()
            .GetProperty("trials")
            .EnumerateArray()
            .ShouldAllBe(trial => trial.GetProperty("attempts").GetInt32() == 1);
    }

    // The server's parent is the shell that guards it, which names it too.
    private static int ServerOf(HarnessScript harness) =>
        harness
            .Processes()
            .FirstOrDefault(process =>
                process.CommandLine.Contains("/postgres -D ", StringComparison.Ordinal)
                && !process.CommandLine.StartsWith("/bin/sh", StringComparison.Ordinal)
            )
            .Id;

    private static bool Is(JsonElement row, string trial, string kind) =>
        row.GetProperty("trial").GetString() == trial
        && row.GetProperty("kind").GetString() == kind;

    // A worker holds a running attempt when a trainer is its child.
    private static int VictimOf(HarnessScript harness, string program)
    {
        var processes = harness.Processes();
        var trainer = processes.FirstOrDefault(process =>
            process.CommandLine.Contains("Harness.Training.dll", StringComparison.Ordinal)
        );
        if (trainer.Id == 0)
        {
            return 0;
        }

        return program == "Harness.Training.dll" ? trainer.Id : Parent(trainer.Id);
    }

    private static int Parent(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status")
                .First(row => row.StartsWith("PPid:", StringComparison.Ordinal));
            return int.Parse(line[5..], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
