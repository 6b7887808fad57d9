using System.Diagnostics;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;
using Harness.Worker.Attempts;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>What becomes of an attempt, by what its trainer does.</summary>
public sealed class AttemptTests : IDisposable
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("harness-worker-").FullName;

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    [Fact]
    public async Task A_result_is_completed_and_what_was_measured_waits_to_be_handed_in()
    {
        using var attempt = Of(
            $$"""
            say '{"event":"points","metric":"train_loss","steps":[0,5],"values":["NaN","-Infinity"],"seconds":[0,1]}'
            echo a line of the log >&2
            say '{{FakeTrainer.Result}}'
            """
        );
        var completion = await attempt.RunAsync();

        completion.State.ShouldBe(AttemptState.Completed, completion.Message);
        completion.Result!.Metrics["accuracy"].ShouldBe(1);
        completion.Runtime!["libtorch"].ShouldBe("none");
        var data = attempt.Buffer.Rest().ShouldHaveSingleItem();
        data.Points.ShouldHaveSingleItem().Values.ShouldBe([double.NaN, double.NegativeInfinity]);
        data.Log.ShouldBe(["a line of the log"]);
    }

    [Theory]
    [InlineData("echo no JSON at all", "The trainer broke the protocol")]
    [InlineData("echo null", "a line is null")]
    [InlineData("echo", "The trainer broke the protocol")]
    [InlineData("""say '{"event":"dance"}'""", "The trainer broke the protocol")]
    [InlineData("""say '{"event":"progress","step":1,"steps":2,"sede":3}'""", "sede")]
    [InlineData(
        """say '{"event":"failed","kind":"job","message":"\ud800"}'""",
        "The trainer broke the protocol"
    )]
    [InlineData("points 9223372036854775808 1", "The trainer broke the protocol")]
    [InlineData("points -1 1", "has the step -1")]
    [InlineData("points 3,2 1,1", "has step 2 behind step 3")]
    [InlineData("points 1,2 1", "has 2 points and 1 values")]
    [InlineData("points 4 1; points 4 1", "has step 4 behind step 4, and steps rise")]
    [InlineData(
        """say '{"event":"profile","name":"two words","axis":"lag","at":[],"values":[],"samples":null}'""",
        "other characters than letters"
    )]
    public async Task A_trainer_that_breaks_the_protocol_fails_its_attempt_with_the_reason(
        string body,
        string reason
    )
    {
        using var attempt = Of($"echo a last word >&2\n{body}\nhang");
        var completion = await attempt.RunAsync();

        completion.State.ShouldBe(AttemptState.Failed);
        completion.Failure.ShouldBe(FailureKind.Protocol);
        completion.Message.ShouldNotBeNull().ShouldContain(reason);
        completion.Message.ShouldEndWith("\na last word");
    }

    [Fact]
    public async Task A_line_without_end_is_cut_off_at_a_mebibyte_and_costs_no_more_memory()
    {
        using var attempt = Of("head -c 104857600 /dev/zero | tr '\\0' x; hang");
        var before = GC.GetTotalAllocatedBytes();
        var completion = await attempt.RunAsync();

        completion.Failure.ShouldBe(FailureKind.Protocol);
        completion.Message.ShouldNotBeNull().ShouldContain("a line is longer than 1048576 bytes");
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(32L << 20);
    }

    [Fact]
    public async Task Exceeding_its_own_memory_is_a_result()
    {
        using var attempt = Of(
            "x=$(head -c 200000000 /dev/zero | tr '\\0' x); hang",
            memory: 64L << 20
        );
        var completion = await attempt.RunAsync();

        completion.State.ShouldBe(AttemptState.Completed, completion.Message);
        completion.Result!.Outcome.ShouldBe(TrialOutcome.Oom);
    }

    [Fact]
    public async Task A_kill_that_the_worker_did_not_cause_is_a_crash_with_the_last_lines_of_the_log()
    {
        using var attempt = Of(
            "for i in {1..3000}; do echo line $i; done >&2; kill -9 $$",
            memory: 1L << 40
        );
        var completion = await attempt.RunAsync();

        completion.State.ShouldBe(AttemptState.Failed);
        completion.Failure.ShouldBe(FailureKind.Crash);
        var lines = completion.Message.ShouldNotBeNull().Split('\n');
        lines[0].ShouldBe("The trainer was ended by signal 9 without a result.");
        // Of more lines than are kept, the last ones all the same.
        lines[1..].ShouldBe([.. Enumerable.Range(2_981, 20).Select(n => $"line {n}")]);
    }

    [Fact]
    public async Task A_trainer_that_hangs_is_ended_with_its_last_words()
    {
        using var attempt = Of(
            "echo I begin to think >&2; hang",
            silence: TimeSpan.FromMilliseconds(700)
        );
        var completion = await attempt.RunAsync();

        completion.Failure.ShouldBe(FailureKind.Crash);
        completion.Message.ShouldBe(
            "The trainer said nothing for 0.7 s and was ended.\nI begin to think"
        );
    }

    [Fact]
    public async Task What_a_trainer_started_is_ended_with_it()
    {
        var file = Path.Combine(_scratch, "child");
        using var attempt = Of(
            $"""
            sleep 1000 &
            echo $! > {file}
            say '{FakeTrainer.Result}'
            """
        );
        // Its child holds the pipes, whose end is awaited.
        var completion = await attempt.RunAsync();

        completion.State.ShouldBe(AttemptState.Completed);
        ProcessRecord.Of(int.Parse(await File.ReadAllTextAsync(file, Cancellation))).ShouldBeNull();
    }

    [Fact]
    public async Task One_that_ignores_the_order_to_end_is_ended()
    {
        using var attempt = Of("trap '' TERM; hang");
        var run = attempt.RunAsync();
        await Runs.Eventually.IsAsync(
            () => Task.FromResult(attempt.Started),
            TimeSpan.FromSeconds(30),
            () => "the trainer did not greet"
        );
        var clock = Stopwatch.StartNew();
        attempt.Stop(AttemptState.Drained);
        var completion = await run;

        completion.State.ShouldBe(AttemptState.Drained);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        Directory.GetDirectories(_scratch).ShouldBeEmpty();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Attempt Of(string body, long memory = 0, TimeSpan? silence = null)
    {
        var spec = SomeTrials.Trial(1);
        spec.Settings["memory"] = SettingValue.Of(memory);
        var settings = SomeWorker.Settings(_scratch, FakeTrainer.Write(_scratch, body)) with
        {
            Silence = silence ?? TimeSpan.FromMinutes(1),
        };
        return SomeWorker.Attempt(new Lease(1, 7, 1, spec, null), settings);
    }
}
