using Harness.Domain.Trials;
using Harness.EndToEnd.Tests.Storage;
using Harness.Worker.Attempts;
using Harness.Worker.Standby;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>When a spare trainer is kept, whom it serves, and when there must be none.</summary>
public sealed class StandbyTests : WorkerTest
{
    // Says on its log whether it was a spare one; its first step lets the next spare be started.
    private static readonly string Body = $"""
        echo $start $TRACEPARENT >&2
        say '{Progress}'
        say '{FakeTrainer.Result}'
        """;

    private const string Progress = """{"event":"progress","step":1,"steps":2}""";

    [Fact]
    public async Task After_a_short_trial_a_spare_trainer_is_started_and_serves_the_one_after_the_next()
    {
        var worker = Start(Body);
        (await RunAsync(worker, 1)).ShouldBe("");
        (await RunAsync(worker, 2)).ShouldBe("");
        await worker.UntilAsync(() => Spares.Length == 1, "no spare trainer");
        (await RunAsync(worker, 3)).ShouldBe("warm");

        // One process served one attempt, and another spare stands by.
        await worker.UntilAsync(() => Spares.Length == 1, "no other spare trainer");
        Silo.Completions.Select(end => end.State)
            .ShouldAllBe(state => state == AttemptState.Completed);
        Silo.Syncs.SelectMany(sync => sync.Heartbeats)
            .Select(beat => beat.Token)
            .Distinct()
            .ShouldBeSubsetOf([1, 2, 3], "a spare trainer is no attempt");
    }

    [Fact]
    public async Task A_spare_trainer_ends_with_its_worker_however_that_ends()
    {
        foreach (var softly in new[] { true, false })
        {
            var worker = Start(Body);
            await WarmAsync(worker, softly ? 1 : 3);
            var spare = ProcessRecord.Read(Spares.Single())!;
            spare.Lives.ShouldBeTrue();
            if (softly)
            {
                worker.Terminate();
                (await worker.EndAsync()).ShouldBe(0, worker.Said);
                Spares.ShouldBeEmpty();
            }
            else
            {
                await worker.KillAsync();
            }

            await worker.UntilAsync(() => !spare.Lives, "the spare trainer goes on");
        }
    }

    [Theory]
    [InlineData("throughput")]
    [InlineData("gradient-flow,memory")]
    public async Task A_trial_that_measures_gets_a_fresh_trainer_and_has_no_spare_one_beside_it(
        string probes
    )
    {
        var worker = Start(
            $"""
            case $request in *'"probes":"{probes}"'*) points 0 1; echo $start >&2; say '{Progress}'; hang;; esac
            {Body}
            """
        );
        await WarmAsync(worker);
        Silo.Give(8, With("probes", SettingValue.Of(probes)));
        await worker.UntilAsync(() => Silo.Data.Any(data => data.Token == 8), "it did not begin");
        Spares.ShouldBeEmpty();
        Log(8).ShouldNotContain("warm");

        // Nor is one started while it runs.
        (await RunAsync(worker, 9)).ShouldBe("");
        (await RunAsync(worker, 10)).ShouldBe("");
        Spares.ShouldBeEmpty();
    }

    [Fact]
    public async Task While_a_trial_measures_on_another_worker_of_the_host_there_is_none()
    {
        var worker = Start(Body);
        await WarmAsync(worker);
        Silo.Quiet = true;
        await worker.UntilAsync(() => Spares.Length == 0, "the spare trainer is kept");
        (await RunAsync(worker, 8)).ShouldBe("");
        (await RunAsync(worker, 9)).ShouldBe("");
        Spares.ShouldBeEmpty();
    }

    [Fact]
    public async Task Switched_off_there_is_none()
    {
        var worker = Start(Body, ("HARNESS_STANDBY", "off"));
        for (var token = 1; token <= 3; token++)
        {
            (await RunAsync(worker, token)).ShouldBe("");
        }

        Spares.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_does_not_become_ready_costs_its_trial_nothing_but_time()
    {
        var worker = StartOn(FakeTrainer.Write(Scratch, Body, spare: "exit 1"));
        (await RunAsync(worker, 1)).ShouldBe("");
        for (var token = 2; token <= 6; token++)
        {
            (await RunAsync(worker, token)).ShouldBe("");
        }
    }

    [Theory]
    [InlineData("threads", 2, false)]
    [InlineData("memory", 0, true)]
    [InlineData("memory", 1L << 30, true)]
    [InlineData("memory", 256L << 20, false)]
    public void A_spare_trainer_serves_what_it_gives_the_same_numbers_for(
        string name,
        long value,
        bool served
    )
    {
        StandbyRule.Serves(With(name, SettingValue.Of(value))).ShouldBe(served);
        StandbyRule
            .Serves(With(name, SettingValue.Of(value)) with { Task = "noop" })
            .ShouldBeFalse();
    }

    private string[] Spares => Directory.GetDirectories(Path.Combine(Scratch, "w"), "standby-*");

    private async Task WarmAsync(WorkerProcess worker, long token = 1)
    {
        await RunAsync(worker, token);
        await RunAsync(worker, token + 1);
        await worker.UntilAsync(() => Spares.Length == 1, "no spare trainer");
    }

    // Runs a trial to its end; what its trainer said of its start.
    private async Task<string> RunAsync(WorkerProcess worker, long token)
    {
        var before = Silo.Completions.Count;
        Silo.Give(token);
        await worker.UntilAsync(() => Silo.Completions.Count > before, $"no end of {token}");
        Silo.Completions.Last()
            .State.ShouldBe(AttemptState.Completed, Silo.Completions.Last().Message);
        return Log(token).Last().Trim();
    }

    private List<string> Log(long token) =>
        [.. Silo.Data.Where(data => data.Token == token).SelectMany(data => data.Log)];

    private static TrialSpec With(string name, SettingValue value)
    {
        var spec = SomeTrials.Trial(1);
        spec.Settings[name] = value;
        return spec;
    }
}
