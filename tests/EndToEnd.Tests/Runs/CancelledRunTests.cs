using System.Diagnostics;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>A cancel reaches the last trainer in time, also one that will not listen.</summary>
[Collection(WholeRuns.Name)]
public sealed class CancelledRunTests
{
    private const string Sweep = """
        version: 1
        name: stubborn
        parameters:
          model: {value: rnn}
          task: {value: parity}
        seeds: 6
        budget: {steps: 10}
        """;

    [Fact]
    public async Task R8_five_seconds_after_a_cancel_no_trainer_runs_that_ignores_the_order_to_stop()
    {
        await using var harness = new HarnessScript();
        // Hears its trial, says nothing, and stays when it is asked to go.
        var trainer = harness.Data + "/stubborn.sh";
        await File.WriteAllTextAsync(
            trainer,
            "#!/bin/bash\ntrap '' TERM INT\nread -r line\nwhile :; do sleep 1; done\n",
            TestContext.Current.CancellationToken
        );
        File.SetUnixFileMode(
            trainer,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        harness.Variables["HARNESS_TRAINER"] = trainer;
        var run = harness.Start("run", await harness.WriteSweepAsync(Sweep));
        IReadOnlyList<int> Trainers() =>
            [
                .. harness
                    .Processes()
                    .Where(process => process.CommandLine.Contains("stubborn.sh"))
                    .Select(process => process.Id),
            ];
        await Eventually.IsAsync(
            () => Task.FromResult(Trainers().Count > 0),
            TimeSpan.FromMinutes(2),
            () => "a trainer starts"
        );

        var running = Trainers();
        var cancel = await harness.RunAsync(TimeSpan.FromMinutes(1), "cancel", "last");
        cancel.ExitCode.ShouldBe(0, cancel.Messages);
        var accepted = Stopwatch.GetTimestamp();
        await Eventually.IsAsync(
            () => Task.FromResult(!Trainers().Any(running.Contains)),
            TimeSpan.FromSeconds(30),
            () => $"the trainers {string.Join(", ", running)} end"
        );

        Stopwatch.GetElapsedTime(accepted).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        await run.WaitForExitAsync(deadline.Token);
        var sweeps = await harness.RunAsync(TimeSpan.FromMinutes(1), "ls", "sweeps");
        sweeps.Output.ShouldContain("cancelled");
    }
}
