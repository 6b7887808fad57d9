using System.Text.Json;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>The README's first command, as a new user runs it.</summary>
[Collection(WholeRuns.Name)]
public sealed class QuickstartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task The_quickstart_trains_four_models_and_leaves_nothing_behind()
    {
        await using var harness = new HarnessScript();
        var run = await harness.RunAsync(Patience, "run", "sweeps/quickstart.yml", "--json");

        run.ExitCode.ShouldBe(0, run.Messages);
        var trials = run.Json().GetProperty("trials").EnumerateArray().ToList();
        trials.Count.ShouldBe(24);
        trials.ShouldAllBe(trial => trial.GetProperty("state").GetString() == "succeeded");
        trials
            .Select(trial => trial.GetProperty("model").GetString())
            .Distinct()
            .Count()
            .ShouldBe(4);
        foreach (
            var name in new[]
            {
                "accuracy",
                "tokens_per_cpu_second",
                "peak_memory_bytes",
                "loss",
                "cpu_seconds",
            }
        )
        {
            trials.ShouldAllBe(
                trial => trial.GetProperty(name).ValueKind == JsonValueKind.Number,
                $"{name} is measured"
            );
        }

        Directory.GetFiles(Path.Combine(harness.Data, "reports"), "*.html").ShouldNotBeEmpty();
        // What guarded PostgreSQL may be in its last tenth of a second.
        await Eventually.IsAsync(
            () => Task.FromResult(harness.Processes().Count == 0),
            TimeSpan.FromSeconds(5),
            () => $"left behind: {string.Join('\n', harness.Processes())}"
        );

        var again = await harness.RunAsync(Patience, "run", "sweeps/quickstart.yml", "--json");
        again.ExitCode.ShouldBe(0, again.Messages);
        again
            .Json()
            .GetProperty("trials")
            .EnumerateArray()
            .Select(Hash)
            .ShouldBe(trials.Select(Hash));
        again.Messages.ShouldContain("--fresh");
    }

    [Fact]
    public async Task The_same_sweep_in_two_data_folders_gives_the_same_bits()
    {
        await using var here = new HarnessScript();
        await using var there = new HarnessScript();
        string[] command =
        [
            "run",
            "sweeps/quickstart.yml",
            "--set",
            "seeds=1",
            "--set",
            "budget.steps=30",
            "--json",
        ];
        var first = await here.RunAsync(Patience, command);
        var second = await there.RunAsync(Patience, command);

        first.ExitCode.ShouldBe(0, first.Messages);
        second.ExitCode.ShouldBe(0, second.Messages);
        var bits = first
            .Json()
            .GetProperty("trials")
            .EnumerateArray()
            .Select(Bits)
            .Order()
            .ToList();
        bits.Count.ShouldBe(8);
        second.Json().GetProperty("trials").EnumerateArray().Select(Bits).Order().ShouldBe(bits);
    }

    private static string Hash(JsonElement trial) =>
        trial.GetProperty("parameter_hash").GetString()!;

    private static string Bits(JsonElement trial) =>
        $"{trial.GetProperty("model")} {trial.GetProperty("task")} {trial.GetProperty("loss").GetRawText()} {Hash(trial)}";
}
