using Harness.Cli.Output;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Unit.Tests.Reports;

public sealed class SweepReportTests
{
    [Fact]
    public void Seeds_are_pooled_and_settings_that_the_sweep_varies_are_not()
    {
        var rows = SweepReport.Of(
            Sweep(
                Trial(1, "gru", 10, seed: 1, accuracy: 0.9),
                Trial(2, "gru", 10, seed: 2, accuracy: 0.7),
                Trial(3, "gru", 10, seed: 3, accuracy: 0.8),
                Trial(4, "gru", 4, seed: 1, accuracy: 1.0),
                Trial(5, "rnn", 10, seed: 1, accuracy: 0.2)
            )
        );

        rows.Select(row => (row.Model, row.Cell))
            .ShouldBe([("gru", "lag 4"), ("gru", "lag 10"), ("rnn", "lag 10")]);
        rows[1].Metric("accuracy").ShouldBe(new Spread(0.8, 0.7, 0.9, 3));
        rows[1].Trials.ShouldBe(["T-1", "T-2", "T-3"]);
    }

    [Fact]
    public void A_trial_without_a_result_counts_but_gives_no_number()
    {
        var failed = Trial(2, "gru", 10, seed: 2, accuracy: null) with
        {
            State = TrialState.Failed,
        };

        var row = SweepReport
            .Of(Sweep(Trial(1, "gru", 10, seed: 1, accuracy: 0.5), failed))
            .ShouldHaveSingleItem();

        row.Succeeded.ShouldBe(1);
        row.Trials.Count.ShouldBe(2);
        row.Metric("accuracy")!.Count.ShouldBe(1);
        row.Metric("peak_memory_bytes").ShouldBeNull();
    }

    [Fact]
    public void The_median_of_an_even_number_is_the_middle_and_no_number_is_ignored()
    {
        SweepReport.Over([4, 1, null, 2, 3, double.NaN]).ShouldBe(new Spread(2.5, 1, 4, 4));
        SweepReport.Over([null, double.NaN]).ShouldBeNull();
    }

    [Fact]
    public void A_sweep_that_trains_nothing_gets_no_columns_of_training()
    {
        var trained = Trial(1, "gru", 10, seed: 1, accuracy: null);
        var idle = trained with { Task = "noop" };

        Titles(idle).ShouldBe(["Task", "Model", "Trials"]);
        Titles(trained).ShouldContain("Accuracy", "what a training did not measure is to be seen");

        static IEnumerable<string> Titles(TrialRow trial) =>
            ReportTable.Of(SweepReport.Of(Sweep(trial))).Columns.Select(column => column.Title);
    }

    private static TrialRow Trial(long id, string model, int lag, long seed, double? accuracy) =>
        new()
        {
            Sweep = "S-1",
            Trial = Ids.Trial(id),
            Model = model,
            Task = "copy-memory",
            Seed = seed,
            Repeat = 0,
            Parameters = new() { ["lag"] = SettingValue.Of(lag), ["width"] = SettingValue.Of(32) },
            State = TrialState.Succeeded,
            Outcome = TrialOutcome.Ok,
            Attempts = 1,
            Accuracy = accuracy,
        };

    private static SweepDetail Sweep(params TrialRow[] trials) =>
        new()
        {
            Sweep = "S-1",
            Name = "copy",
            State = SweepState.Completed,
            SubmittedBy = "test",
            SubmittedAt = DateTimeOffset.UnixEpoch,
            TrialCount = trials.Length,
            States = [],
            RunningShare = 0,
            SpecHash = "0",
            Source = "",
            Trials = trials,
            Accuracy = [],
        };
}
