using System.Diagnostics;
using Harness.Domain.Sweeps;
using Harness.Unit.Tests.Shape;

namespace Harness.Unit.Tests.Sweeps;

public sealed class SweepFileTests
{
    /// <summary>A small right file; each row of the table breaks one line of it.</summary>
    internal const string Right = """
        version: 1
        name: example
        parameters:
          model: {values: [rnn, transformer]}
          task: {value: parity}
          width: {value: 32}
          learning_rate: {value: 0.003}
        seeds: 2
        probes: [throughput]
        budget: {steps: 30}
        """;

    [Fact]
    public void A_right_file_has_no_problems() => SweepFile.Parse(Right).Problems.ShouldBeEmpty();

    [Theory]
    [InlineData("", "spec.empty", 1)]
    [InlineData("[]", "spec.not_a_mapping", 1)]
    [InlineData("text", "spec.not_a_mapping", 1)]
    [InlineData("null", "spec.not_a_mapping", 1)]
    [InlineData("a: 1\n\tb: 2", "yaml.syntax", 2)]
    [InlineData("{\"a\": 1,\n \"b\": }}", "yaml.syntax", 2)]
    [InlineData("name: a\u0001b", "encoding", 1)]
    [InlineData("a: &x 1\nb: *x", "yaml.aliases", 1)]
    [InlineData("a: &x [*x]", "yaml.aliases", 1)]
    [InlineData("a: !System.Diagnostics.Process {}", "yaml.tag", 1)]
    [InlineData("a: 1\n---\nb: 2", "yaml.many_documents", 2)]
    [InlineData("a: 1\nb: 2\na: 3", "yaml.duplicate_key", 3)]
    public void A_file_of_the_wrong_form_is_refused(string text, string code, int line)
    {
        var result = SweepFile.Parse(text);
        result.Spec.ShouldBeNull();
        result
            .Problems.Select(problem => (problem.Code, problem.Line))
            .ShouldHaveSingleItem()
            .ShouldBe((code, line));
    }

    [Theory]
    [InlineData("", "spec.empty", 1, 1)]
    [InlineData("[1]", "spec.not_a_mapping", 1, 1)]
    [InlineData("{\"a\": 1,\n}", "json.syntax", 2, 1)]
    [InlineData("{\"a\": 1} x", "json.syntax", 1, 10)]
    [InlineData("{\"a\": 1", "json.syntax", 1, 8)]
    [InlineData("{a: 1}", "json.syntax", 1, 2)]
    [InlineData("{\"a\": \"\\ud800\"}", "json.syntax", 1, 7)]
    [InlineData("{\"é😀\": 1, \"b\":\n 2, \"b\": 3}", "yaml.duplicate_key", 2, 5)]
    public void A_file_that_says_it_is_JSON_is_held_to_JSON(
        string text,
        string code,
        int line,
        int column
    )
    {
        var problem = SweepFile.Parse(text, [], isJson: true).Problems.ShouldHaveSingleItem();
        (problem.Code, problem.Line, problem.Column).ShouldBe((code, line, column));
    }

    [Fact]
    public void The_same_file_as_JSON_and_as_YAML_is_the_same_sweep()
    {
        const string json = """
            {"version": 1, "name": "example", "parameters": {
            	"model": {"values": ["rnn", "transformer"]}, "task": {"value": "parity"},
            	"width": {"value": 32}, "learning_rate": {"value": 3e-3}},
             "seeds": 2, "probes": ["throughput"], "budget": {"steps": 30}}
            """;
        var read = SweepFile.Parse(json, [], isJson: true);
        read.Problems.ShouldBeEmpty();
        read.Spec!.Hash().ShouldBe(SweepFile.Parse(Right).Spec!.Hash());
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0 }, 1, 1, "UTF-16")]
    [InlineData(new byte[] { 0x61, 0x0A, 0x62, 0xC3, 0x28 }, 2, 2, "Byte 3 (0xC3)")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 }, 1, 1, "Byte 0 (0xF0)")]
    public void Bytes_that_are_no_text_are_told_with_their_place(
        byte[] bytes,
        int line,
        int column,
        string told
    )
    {
        var (text, problem) = SpecText.Decode(bytes);
        text.ShouldBeNull();
        (problem!.Code, problem.Line, problem.Column).ShouldBe(("encoding", line, column));
        problem.Message.ShouldContain(told);
    }

    [Fact]
    public void The_mark_of_UTF_8_is_no_part_of_the_text() =>
        SpecText.Decode([0xEF, 0xBB, 0xBF, 0x61]).Text.ShouldBe("a");

    [Theory]
    [InlineData("version: 1", "version: 2", "range", "/version", 1)]
    [InlineData("name: example\n", "", "field.required", "/name", 1)]
    [InlineData("name: example", "name: [a]", "type.mismatch", "/name", 2)]
    [InlineData("name: example", "name: \"a\u202eb\"", "text.charset", "/name", 2)]
    [InlineData("seeds: 2", "sede: 2", "field.unknown", "/sede", 8)]
    [InlineData("seeds: 2", "seeds: 0", "range", "/seeds", 8)]
    [InlineData("seeds: 2", "seeds: -4", "range", "/seeds", 8)]
    [InlineData("seeds: 2", "seeds: {values: [1, 1]}", "seeds.duplicate", "/seeds/values/1", 8)]
    [InlineData("seeds: 2", "seeds: 1000000000", "range", "/seeds", 8)]
    [InlineData("  task: {value: parity}\n", "", "field.required", "/parameters/task", 4)]
    [InlineData("parity", "party", "task.unknown", "/parameters/task/value", 5)]
    [InlineData(
        "[rnn, transformer]",
        "[rnn, trasformer]",
        "model.unknown",
        "/parameters/model/values/1",
        4
    )]
    [InlineData("[rnn, transformer]", "[]", "parameter.empty", "/parameters/model/values", 4)]
    [InlineData(
        "[rnn, transformer]",
        "[rnn, rnn]",
        "parameter.duplicate",
        "/parameters/model/values/1",
        4
    )]
    [InlineData("{value: 32}", "{value: three}", "type.mismatch", "/parameters/width/value", 6)]
    [InlineData("{value: 32}", "{value: 12.5}", "type.mismatch", "/parameters/width/value", 6)]
    [InlineData("{value: 32}", "{value: 0}", "range", "/parameters/width/value", 6)]
    [InlineData(
        "{value: 32}",
        "{value: 99999999999999999999}",
        "range",
        "/parameters/width/value",
        6
    )]
    [InlineData("{value: 32}", "{value: 012}", "type.mismatch", "/parameters/width/value", 6)]
    [InlineData("{value: 32}", "{value: 1_000}", "type.mismatch", "/parameters/width/value", 6)]
    [InlineData("{value: 32}", "{value: [32]}", "type.mismatch", "/parameters/width/value", 6)]
    [InlineData(
        "{value: 32}",
        "{value: 32, values: [16]}",
        "parameter.conflict",
        "/parameters/width",
        6
    )]
    [InlineData("{value: 32}", "{valeu: 32}", "field.unknown", "/parameters/width/valeu", 6)]
    [InlineData("{value: 32}", "32", "type.mismatch", "/parameters/width", 6)]
    [InlineData(
        "{value: 0.003}",
        "{value: .nan}",
        "number.finite",
        "/parameters/learning_rate/value",
        7
    )]
    [InlineData(
        "{value: 0.003}",
        "{value: 1e400}",
        "number.finite",
        "/parameters/learning_rate/value",
        7
    )]
    [InlineData("{value: 0.003}", "{value: 0}", "range", "/parameters/learning_rate/value", 7)]
    [InlineData(
        "{value: 0.003}",
        "{distribution: log_uniform, min: 0.1, max: 0.01, count: 3}",
        "distribution.range",
        "/parameters/learning_rate",
        7
    )]
    [InlineData(
        "{value: 0.003}",
        "{distribution: log_uniform, min: 0.001, max: 0.01}",
        "field.required",
        "/parameters/learning_rate/count",
        7
    )]
    [InlineData(
        "width: {value: 32}",
        "lag: {value: 10}",
        "parameter.not_applicable",
        "/parameters/lag",
        6
    )]
    [InlineData(
        "width: {value: 32}",
        "widht: {value: 32}",
        "parameter.unknown",
        "/parameters/widht",
        6
    )]
    [InlineData(
        "width: {value: 32}",
        "steps: {value: 32}",
        "field.elsewhere",
        "/parameters/steps",
        6
    )]
    [InlineData("{value: 32}", "{value: 30}", "model.heads", "/parameters/heads", 6)]
    [InlineData("[throughput]", "[througput]", "probe.unknown", "/probes/0", 9)]
    [InlineData("[throughput]", "[permutation]", "probe.unserved", "/probes", 9)]
    [InlineData("{steps: 30}", "{}", "field.required", "/budget/steps", 10)]
    [InlineData("{steps: 30}", "{steps: -1}", "range", "/budget/steps", 10)]
    [InlineData(
        "{steps: 30}",
        "{steps: 30, max_trial_time: 5 parsecs}",
        "duration",
        "/budget/max_trial_time",
        10
    )]
    [InlineData(
        "{steps: 30}",
        "{steps: 30, max_trial_time: 1h30}",
        "duration",
        "/budget/max_trial_time",
        10
    )]
    [InlineData(
        "{steps: 30}",
        "{steps: 30, max_sweep_time: 1h}",
        "not_yet",
        "/budget/max_sweep_time",
        10
    )]
    [InlineData("probes:", "match: {by: x}\nprobes:", "not_yet", "/match", 9)]
    [InlineData("probes:", "match: {by: parameter_count}\nprobes:", "not_yet", "/match", 9)]
    [InlineData(
        "probes:",
        "early_stopping: {type: asha}\nprobes:",
        "not_yet",
        "/early_stopping/type",
        9
    )]
    [InlineData(
        "probes:",
        "resources: [{cpu: 1, gpu: 1}]\nprobes:",
        "not_yet",
        "/resources/0/gpu",
        9
    )]
    [InlineData(
        "probes:",
        "resources: [{memory: 3 apples}]\nprobes:",
        "size",
        "/resources/0/memory",
        9
    )]
    [InlineData(
        "probes:",
        "placement: {exclusive: true}\nprobes:",
        "not_yet",
        "/placement/exclusive",
        9
    )]
    [InlineData("probes:", "priority: 2147483648\nprobes:", "range", "/priority", 9)]
    [InlineData("probes:", "output: ../../x\nprobes:", "field.unknown", "/output", 9)]
    [InlineData(
        "probes:",
        "labels: {<script>: x}\nprobes:",
        "label.charset",
        "/labels/<script>",
        9
    )]
    [InlineData(
        "probes:",
        "constraints: [{exclude: {task: parity}}]\nprobes:",
        "sweep.zero_trials",
        "/constraints/0",
        9
    )]
    [InlineData("probes:", "metric: {name: acuracy}\nprobes:", "word.unknown", "/metric/name", 9)]
    public void A_single_mistake_is_named_with_its_place(
        string right,
        string wrong,
        string code,
        string path,
        int line
    )
    {
        Right.ShouldContain(right);
        var result = SweepFile.Parse(Right.Replace(right, wrong, StringComparison.Ordinal));
        result.Spec.ShouldBeNull();
        var problem = result.Problems.ShouldHaveSingleItem();
        (problem.Code, problem.Path, problem.Line).ShouldBe((code, path, line));
        problem.Column.ShouldBeGreaterThan(0);
        problem.Message.ShouldEndWith(problem.Code == "not_yet" ? problem.Message[^1..] : ".");
    }

    [Theory]
    [InlineData("seeds: 2", "sede: 2", "seeds")]
    [InlineData("transformer", "trasformer", "transformer")]
    [InlineData("throughput", "througput", "throughput")]
    public void The_nearest_spelling_is_suggested(string right, string wrong, string suggestion)
    {
        var result = SweepFile.Parse(Right.Replace(right, wrong, StringComparison.Ordinal));
        result.Problems.ShouldContain(problem =>
            problem.Suggestion == suggestion && problem.Allowed!.Contains(suggestion)
        );
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        var text = Right.Replace("rnn", "rmn").Replace("32", "x").Replace("parity", "party");
        SweepFile.Parse(text).Problems.Select(problem => problem.Line).ShouldBe([4, 5, 6]);
    }

    [Fact]
    public void Words_that_older_parsers_turn_into_flags_stay_texts() =>
        SweepFile.Parse(Right.Replace("name: example", "name: no")).Spec!.Name.ShouldBe("no");

    [Fact]
    public void A_billion_laughs_and_deep_nesting_are_refused_at_once()
    {
        var clock = Stopwatch.StartNew();
        SweepFile
            .Parse(string.Concat(Enumerable.Repeat("[", 100_000)))
            .Problems.ShouldHaveSingleItem()
            .Code.ShouldBe("yaml.too_deep");
        SweepFile
            .Parse("a: &a [x, x]\nb: [*a, *a]")
            .Problems.ShouldHaveSingleItem()
            .Code.ShouldBe("yaml.aliases");
        SweepFile
            .Parse(new string('x', 300_000))
            .Problems.ShouldHaveSingleItem()
            .Code.ShouldBe("spec.too_large");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_sweep_of_a_billion_trials_is_counted_not_built()
    {
        var many = string.Join(", ", Enumerable.Range(1, 1000));
        var text = Right
            .Replace("{value: 32}", $"{{values: [{many}]}}")
            .Replace(
                "  learning_rate: {value: 0.003}",
                $"  learning_rate: {{distribution: log_uniform, min: 0.0001, max: 1, count: 1000}}\n  batch: {{values: [{many}]}}"
            );
        var before = GC.GetAllocatedBytesForCurrentThread();
        var problem = SweepFile.Parse(text).Problems.ShouldHaveSingleItem();
        problem.Code.ShouldBe("sweep.too_large");
        problem.Message.ShouldContain("4,000,000,000 trials");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(50_000_000);
    }

    [Fact]
    public void A_set_option_stands_over_the_file()
    {
        var result = SweepFile.Parse(
            Right,
            [new("budget.steps", "7"), new("seeds", "{values: [5]}")]
        );
        result.Problems.ShouldBeEmpty();
        result.Spec!.Budget["steps"].Integer.ShouldBe(7);
        result.Spec.Seeds.ShouldBe([5]);
        SweepFile
            .Parse(Right, [new("budget.stepps", "7")])
            .Problems.ShouldHaveSingleItem()
            .Suggestion.ShouldBe("steps");
    }

    [Theory]
    [InlineData("sweeps/quickstart.yml", 24)]
    public void A_sweep_that_ships_has_the_number_of_trials_that_it_says(string file, int trials)
    {
        var result = SweepFile.Parse(Repository.Read(file));
        result.Problems.ShouldBeEmpty();
        SweepExpansion.Trials(result.Spec!).Count.ShouldBe(trials);
    }
}
