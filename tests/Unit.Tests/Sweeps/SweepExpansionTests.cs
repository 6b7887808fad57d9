using CsCheck;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;

namespace Harness.Unit.Tests.Sweeps;

public sealed class SweepExpansionTests
{
    private static SweepSpec Parse(string text)
    {
        var result = SweepFile.Parse(text);
        result.Problems.ShouldBeEmpty();
        return result.Spec!;
    }

    private const string Conditional = """
        version: 1
        name: conditional
        parameters:
          model: {values: [rnn, gru, transformer]}
          task: {values: [copy-memory, parity]}
        overrides:
          - when: {task: copy-memory}
            set: {lag: {values: [10, 30]}}
          - when: {model: transformer, lag: {gte: 30}}
            set: {layers: {value: 2}}
        constraints:
          - exclude: {model: rnn, lag: {gt: 10}}
        seeds: 2
        budget: {steps: 30}
        """;

    private const string Drawn = """
        version: 1
        name: drawn
        method: random
        trials: 20
        parameters:
          model: {values: [gru, lstm]}
          task: {value: parity}
          learning_rate: {distribution: log_uniform, min: 1.0e-4, max: 1.0e-1}
          width: {distribution: uniform, min: 8, max: 64}
        seeds: {values: [3, 1]}
        budget: {steps: 30}
        """;

    [Theory]
    [InlineData(Conditional)]
    [InlineData(Drawn)]
    public void The_resolved_spec_expands_to_the_same_trials_in_the_same_order(string text)
    {
        var spec = Parse(text);

        var read = SweepSpec.Read(spec.ToJson());

        read.ToJson().ShouldBe(spec.ToJson());
        SweepExpansion
            .Trials(read)
            .Select(trial => trial.Identity())
            .ShouldBe(SweepExpansion.Trials(spec).Select(trial => trial.Identity()));
    }

    [Fact]
    public void Overrides_expand_matching_cells_only_and_constraints_leave_cells_out()
    {
        var trials = SweepExpansion.Trials(Parse(Conditional));
        // Three models on parity, three on lag 10, two on lag 30; two seeds each.
        trials.Count.ShouldBe(16);
        trials
            .Count(trial => trial.Task == "copy-memory" && trial.Integer("lag") == 30)
            .ShouldBe(4);
        trials.ShouldNotContain(trial =>
            trial.Model == "rnn" && trial.Task == "copy-memory" && trial.Integer("lag") == 30
        );
        trials
            .Where(trial =>
                trial.Settings.TryGetValue("lag", out var lag)
                && lag.Integer == 30
                && trial.Model == "transformer"
            )
            .ShouldAllBe(trial => trial.Integer("layers") == 2);
    }

    [Fact]
    public void Seeds_are_interleaved() =>
        SweepExpansion
            .Trials(Parse(Conditional))
            .Select(trial => trial.Seed)
            .ShouldBe(Enumerable.Repeat(1L, 8).Concat(Enumerable.Repeat(2L, 8)));

    [Fact]
    public void Every_trial_is_complete_and_has_an_identity_of_its_own()
    {
        var trials = SweepExpansion.Trials(Parse(Conditional));
        trials.Select(trial => trial.Identity()).Distinct().Count().ShouldBe(trials.Count);
        trials.ShouldAllBe(trial =>
            trial.Integer("steps") == 30
            && trial.Integer("batch") > 0
            && trial.Text("probes").Length > 0
        );
    }

    [Fact]
    public void The_count_is_the_number_of_trials() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 5])
            .Sample(
                (widths, rates, seeds) =>
                {
                    var spec = Parse(
                        $$"""
                        version: 1
                        name: counted
                        parameters:
                          model: {values: [rnn, gru]}
                          task: {value: parity}
                          width: {values: [{{string.Join(
                            ", ",
                            Enumerable.Range(1, widths).Select(n => 8 * n)
                        )}}]}
                          batch: {values: [{{string.Join(", ", Enumerable.Range(1, rates))}}]}
                        constraints:
                          - exclude: {model: rnn, batch: {gte: 2 } }
                        seeds: {{seeds}}
                        budget: {steps: 1}
                        """
                    );
                    SweepExpansion.Trials(spec).Count.ShouldBe((int)SweepExpansion.Count(spec));
                },
                iter: 50
            );

    [Fact]
    public void Two_spellings_of_one_sweep_have_one_hash()
    {
        var yaml = Parse(SweepFileTests.Right);
        var json = Parse(
            """
            {"budget": {"steps": 30}, "seeds": {"values": [1, 2]}, "probes": ["throughput"], "version": 1, "name": "example",
             "parameters": {"width": {"values": [32]}, "task": {"value": "parity"}, "learning_rate": {"value": 3e-3},
                            "model": {"values": ["rnn", "transformer"]}}}
            """
        );
        json.Hash().ShouldBe(yaml.Hash());
        Parse(SweepFileTests.Right.Replace("seeds: 2", "seeds: 3")).Hash().ShouldNotBe(yaml.Hash());
    }

    [Fact]
    public void The_identity_of_a_trial_is_pinned()
    {
        var trial = new TrialSpec
        {
            Model = "rnn",
            Task = "parity",
            Seed = 7,
            Settings = new()
            {
                ["width"] = SettingValue.Of(32),
                ["learning_rate"] = SettingValue.Of(0.003),
                ["steps"] = SettingValue.Of(30),
            },
            Numerics = 1,
        };
        trial
            .Identity()
            .ShouldBe("3d9605d6ce46fbc8f5dfff3c2c1e42081f3b605fe74cce483489dd7d7ff54d40");
        (trial with { Repeat = 1 }).Identity().ShouldNotBe(trial.Identity());
    }

    [Fact]
    public void Random_cells_are_the_same_each_time_and_lie_within_their_bounds()
    {
        const string text = """
            version: 1
            name: drawn
            method: random
            trials: 20
            random_seed: 3
            parameters:
              model: {values: [rnn, gru]}
              task: {value: parity}
              learning_rate: {distribution: log_uniform, min: 0.001, max: 0.1}
              width: {distribution: uniform, min: 8, max: 64}
            seeds: 1
            budget: {steps: 1}
            """;
        var trials = SweepExpansion.Trials(Parse(text));
        trials.Count.ShouldBe(20);
        trials
            .Select(trial => trial.Identity())
            .ShouldBe(SweepExpansion.Trials(Parse(text)).Select(trial => trial.Identity()));
        trials.ShouldAllBe(trial =>
            trial.Number("learning_rate") >= 0.001
            && trial.Number("learning_rate") <= 0.1
            && trial.Integer("width") >= 8
            && trial.Integer("width") <= 64
        );
        trials
            .Select(trial => trial.Number("learning_rate"))
            .Distinct()
            .Count()
            .ShouldBeGreaterThan(15);
    }

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Gen.Select(
                Gen.Int[0, SweepFileTests.Right.Length - 1],
                Gen.Int[0, 12],
                Gen.String[Gen.Char[" {}[]:,&*!|>'\"%@`#-?\n\tab09.~"], 0, 4]
            )
            .Sample(
                (at, length, text) =>
                {
                    var mutated = SweepFileTests
                        .Right.Remove(at, Math.Min(length, SweepFileTests.Right.Length - at))
                        .Insert(at, text);
                    var result = SweepFile.Parse(mutated);
                    (result.Spec is null).ShouldBe(result.Problems.Count > 0);
                },
                iter: 3000
            );
}
