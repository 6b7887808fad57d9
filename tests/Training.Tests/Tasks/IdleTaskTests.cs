using Harness.Domain.Trials;
using Harness.Training.Tasks;
using Harness.Training.Tests.Processes;

namespace Harness.Training.Tests.Tasks;

/// <summary>Tasks that train nothing end as measurements without an accuracy, on the way of every trial.</summary>
public sealed class IdleTaskTests
{
    public static TheoryData<string> All() =>
        [.. TaskCatalog.All.OfType<IdleTask>().Select(task => task.Entry.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void It_ends_well_with_its_cost_and_nothing_else(string task)
    {
        var recorded = Recorded.Run(Idle(task, seconds: 0));
        recorded.Result.Outcome.ShouldBe(TrialOutcome.Ok);
        recorded.Result.Metrics.Keys.ShouldBe(["cpu_seconds", "wall_seconds"]);
        recorded.Result.ParameterCount.ShouldBeNull();
        recorded.Result.ParameterHash.ShouldBeNull();
        recorded.Result.Contended.ShouldBeNull();
        recorded.Events.OfType<TrainerStarted>().ShouldBeEmpty("no model is built");
        recorded.Events.OfType<TrainerPoints>().ShouldBeEmpty();
        recorded.Events.OfType<TrainerProfile>().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_claims_no_axis_and_no_chance(string task)
    {
        var entry = TaskCatalog.All.Single(known => known.Entry.Name == task).Entry;
        entry.Axis.ShouldBeNull();
        entry.Chance.ShouldBeNull();
    }

    [Fact]
    public void Every_other_task_has_both() =>
        TaskCatalog
            .All.OfType<TrainedTask>()
            .Where(task => task.Entry.Axis is null || task.Entry.Chance is null)
            .ShouldBeEmpty();

    [Fact]
    public void Waiting_takes_its_time_and_says_how_much_of_it_is_over()
    {
        var recorded = Recorded.Run(Idle("sleep", seconds: 0.6).With("steps", 10));
        var progress = recorded.Events.OfType<TrainerProgress>().ToList();
        progress.Count.ShouldBeGreaterThan(1);
        progress.Select(beat => beat.Step).ShouldBeInOrder();
        progress[0].Step.ShouldBe(0);
        progress[^1].ShouldBe(new TrainerProgress(10, 10));
    }

    [Fact]
    public void Waiting_beyond_the_cap_is_censored()
    {
        var recorded = Recorded.Run(Idle("sleep", seconds: 80_000).With("max_trial_time", 0.1));
        recorded.Result.Outcome.ShouldBe(TrialOutcome.Censored);
    }

    [Fact]
    public async Task Its_process_never_loads_the_native_library()
    {
        var ended = await TrainerProcess.RunAsync(TrainerProcess.Line(Idle("noop", seconds: 0)));
        ended.ExitCode.ShouldBe(0, ended.Errors);
        var hello = ended.Recorded.Events.OfType<TrainerHello>().Single();
        hello.Runtime.Keys.ShouldBe(["build", "dotnet"]);
    }

    private static TrialSpec Idle(string task, double seconds)
    {
        var spec = SomeTrial.Of("rnn", task);
        return spec.Settings.ContainsKey("seconds") ? spec.With("seconds", seconds) : spec;
    }
}
