using Harness.Domain.Claims;

namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>Rows 30 to 48 without 40 and 43: what only the whole sweep shows.</summary>
internal static class SweepRows
{
    private const string Million =
        "{distribution: uniform, min: 1, max: 4096, count: 4000}\n"
        + "  batch: {distribution: uniform, min: 1, max: 60000, count: 10000}\n"
        + "  warmup_steps: {distribution: uniform, min: 1, max: 60000, count: 10000}";

    private static readonly string[] NoDurations = ["0s", "-1s", "5 parsecs", "1h30", "1e9h"];

    public static IEnumerable<Row> All =>
        [
            new(30, "no values", Values("[]", "parameter.empty", "", "7:19", "1 to 10,000")),
            new(
                31,
                "a value twice",
                Values("[8, 16, 8]", "parameter.duplicate", "/2", "7:27", "value 1 and as value 3")
            ),
            new(
                32,
                "values of several kinds",
                Spec.With("{value: 32}", "{values: [8, x, 1.5, true, [1]]}")
                    .AllTold(
                        "/parameters/width/values/1",
                        "/parameters/width/values/2",
                        "/parameters/width/values/3",
                        "/parameters/width/values/4"
                    )
            ),
            new(
                33,
                "a parameter that is fixed and varied",
                Spec.With("{value: 32}", "\n    value: 32\n    values: [8]")
                    .Told(
                        422,
                        "parameter.conflict",
                        "/parameters/width",
                        "9:5",
                        "value (line 8) and values (line 9)"
                    )
            ),
            new(
                34,
                "values that are to go together",
                Spec.Plus("method: zip")
                    .Told(
                        422,
                        "word.unknown",
                        "/method",
                        "9:9",
                        "allowed: grid, random, list",
                        "mean 'list'"
                    )
            ),
            new(
                35,
                "10^12 trials",
                Spec.With("{value: 32}", Million)
                    .Told(
                        422,
                        "sweep.too_large",
                        "/parameters",
                        "4:1",
                        "1,600,000,000,000 trials",
                        "batch (10,000)"
                    )
            ),
            new(
                36,
                "more trials than 64 bits count",
                Spec.With(
                        "{value: 32}",
                        $"{Million}\n  evaluation_sequences: {{distribution: uniform, min: 1, max: 1000000, count: 10000}}\n"
                            + "  weight_decay: {distribution: uniform, min: 0.001, max: 1, count: 10000}\n"
                            + "  clip: {distribution: uniform, min: 0.001, max: 1, count: 10000}"
                    )
                    .Told(
                        422,
                        "sweep.too_large",
                        "/parameters",
                        "4:1",
                        "1,600,000,000,000,000,000,000,000 trials"
                    )
            ),
            new(
                37,
                "seeds",
                Seeds("0", "range", "", "9:8", "from 1 to 10,000"),
                Seeds("-1", "range", "", "9:8", "from 1 to 10,000"),
                Seeds("1000000000", "range", "", "9:8", "from 1 to 10,000"),
                Seeds("{values: [7, 7]}", "seeds.duplicate", "/values/1", "9:21", "stands twice"),
                Seeds("[1, 2]", "type.mismatch", "", "9:8", "{values: [1, 2]}")
            ),
            new(
                38,
                "as many trials as are allowed, and one cell more",
                Many(10).Planned(100_000),
                Many(11).Told(422, "sweep.too_large", "/parameters", "3:1", "110,000 trials")
            ),
            new(
                39,
                "durations",
                [
                    .. NoDurations.Select(time =>
                        Time(time).Told(422, "duration", "/budget/max_trial_time", "11:37", "1h30m")
                    ),
                    Time("90").Told(422, "duration", "/budget/max_trial_time", "11:37", "90s"),
                    Time("1h30m").Planned(4),
                ]
            ),
            new(
                41,
                "a GPU",
                Spec.Plus("resources: [{gpu: 1}]")
                    .Told(422, "not_yet", "/resources/0/gpu", "9:14", "trains on the CPU")
            ),
            new(
                42,
                "a constraint that leaves nothing",
                Spec.Plus("constraints: [{exclude: {model: rnn}}, {exclude: {task: parity}}]")
                    .Told(422, "sweep.zero_trials", "/constraints/1", "9:40", "narrow it")
            ),
            new(
                44,
                "a claim's file",
                Spec.Raw(ClaimFiles.Text("order")!)
                    .Told(422, "spec.claim", "/claim", "3:1", "`harness claims run order`"),
                Spec.Raw("claim: mine\nseeds: 1\n")
                    .Told(422, "spec.claim", "/claim", "1:1", "`harness ls claims`")
            ),
            new(
                45,
                "names",
                Name(new string('x', 10_000), "text.length", "10,000 characters; 100 are allowed"),
                Name("\"a\u202eb\"", "text.charset", "U+202E"),
                Spec.With("example", "\"سنجش 🎉 Ехаmple\"").Planned(4)
            ),
            new(
                46,
                "markup in a label",
                Spec.With("{purpose:", "{<script>:")
                    .Told(422, "label.charset", "/labels/<script>", "3:10", "letters, digits"),
                Spec.With("demo}", "<script>}").Planned(4)
            ),
            new(
                47,
                "an output path",
                Spec.Plus("output: ../../x")
                    .Told(422, "field.unknown", "/output", "9:1", "allowed:")
            ),
            new(
                48,
                "a priority of 2^31",
                Spec.Plus("priority: 2147483648")
                    .Told(422, "range", "/priority", "9:11", "1,000,000")
            ),
        ];

    private static Ask Values(
        string values,
        string code,
        string below,
        string place,
        string told
    ) =>
        Spec.With("{value: 32}", $"{{values: {values}}}")
            .Told(422, code, $"/parameters/width/values{below}", place, told);

    private static Ask Seeds(string seeds, string code, string below, string place, string told) =>
        Spec.With("seeds: 2", $"seeds: {seeds}").Told(422, code, $"/seeds{below}", place, told);

    private static Ask Name(string name, string code, string told) =>
        Spec.With("example", name).Told(422, code, "/name", "2:7", told);

    private static Spec Time(string time) =>
        Spec.With("{steps: 30}", $"{{steps: 30, max_trial_time: {time}}}");

    private static Spec Many(int widths) =>
        Spec.Raw(
            "version: 1\nname: many\nparameters: {model: {value: gru}, task: {value: parity}, width: "
                + $"{{distribution: uniform, min: 1, max: {widths}, count: {widths}}}}}\nseeds: 10000\nbudget: {{steps: 1}}\n"
        );
}
