namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>Rows 15 to 29: keys and single values.</summary>
internal static class ValueRows
{
    private const string Width = "/parameters/width/value";
    private const string Rate = "/parameters/learning_rate/value";

    private static readonly string[] Infinite = ["1e400", ".inf", "-.inf", ".nan"];
    private static readonly string[] Texts = ["no", "on", "012", "1_000", "2024-01-01", "1.0"];

    public static IEnumerable<Row> All =>
        [
            new(
                15,
                "an unknown key",
                Spec.With("steps: 30", "stpes: 30")
                    .Told(
                        422,
                        "field.unknown",
                        "/budget/stpes",
                        "11:10",
                        "'stpes'",
                        "mean 'steps'"
                    ),
                Spec.With("steps: 30", "epochs: 30")
                    .Told(422, "field.unknown", "/budget/epochs", "11:10", "mean 'steps'"),
                Spec.Plus("widht: 3")
                    .Told(422, "field.unknown", "/widht", "9:1", "allowed: version")
            ),
            new(
                16,
                "no task",
                Spec.With("  task: {value: parity}\n", "")
                    .Told(422, "field.required", "/parameters/task", "5:3", "allowed: copy-memory")
            ),
            new(
                17,
                "an unknown model",
                Spec.With("[rnn,", "[lstmm,")
                    .Told(
                        422,
                        "model.unknown",
                        "/parameters/model/values/0",
                        "5:20",
                        "allowed: rnn, lstm",
                        "mean 'lstm'"
                    )
            ),
            new(
                18,
                "an unknown task",
                Spec.With("parity", "party")
                    .Told(
                        422,
                        "task.unknown",
                        "/parameters/task/value",
                        "6:17",
                        "copy-memory, parity",
                        "mean 'parity'"
                    )
            ),
            new(19, "a word for a number", Wrong("three", "type.mismatch", "not \"three\"")),
            new(20, "a fraction for a whole number", Wrong("12.5", "type.mismatch", "\"12.5\"")),
            new(
                21,
                "below the least",
                Wrong("0", "range", "from 1 to 4,096"),
                Wrong("-4", "range", "from 1 to 4,096")
            ),
            new(
                22,
                "beyond every number",
                Wrong("99999999999", "range", "from 1 to 4,096"),
                Wrong(new string('9', 5_000), "range", "from 1 to 4,096")
            ),
            new(
                23,
                "no finite number",
                [
                    .. Infinite.Select(rate =>
                        WrongRate(rate, "number.finite", $"{rate} is not finite")
                    ),
                ]
            ),
            new(
                24,
                "a rate out of bounds",
                WrongRate("0", "range", "from 1e-8 to 10"),
                WrongRate("-1", "range", "from 1e-8 to 10"),
                WrongRate("11", "range", "from 1e-8 to 10"),
                Spec.With("0.003", "2").Planned(4, "learning_rate 2 is above 1")
            ),
            new(25, "1e-3 is a number", Spec.With("0.003", "1e-3").Planned(4)),
            new(
                26,
                "words that other parsers turn into something else stay texts",
                [
                    .. Texts.Select(name => Spec.With("example", name).Planned(4)),
                    Spec.With("example", "~")
                        .Told(422, "field.required", "/name", "2:1", "no value"),
                ]
            ),
            new(
                27,
                "heads that do not divide the width",
                Spec.With("{value: 32}", "{value: 30}")
                    .Told(
                        422,
                        "model.heads",
                        "/parameters/heads",
                        "7:3",
                        "heads 4, which is the default, does not divide width 30",
                        "allowed: 1, 2, 3, 5, 6, 10, 15, 30"
                    )
            ),
            new(28, "a length that the task does not take", Length("5000"), Length("1")),
            new(
                29,
                "a Transformer without positions is the claim 'order', and right",
                Spec.With(
                        "{values: [rnn, transformer]}",
                        "{value: transformer}\n  positions: {value: none}"
                    )
                    .Planned(2)
            ),
        ];

    private static Ask Wrong(string width, string code, string told) =>
        Spec.With("{value: 32}", $"{{value: {width}}}").Told(422, code, Width, "7:18", told);

    private static Ask WrongRate(string rate, string code, string told) =>
        Spec.With("0.003", rate).Told(422, code, Rate, "8:26", told);

    private static Ask Length(string length) =>
        Spec.With("  width: {value: 32}", $"  length: {{value: {length}}}")
            .Told(422, "range", "/parameters/length/value", "7:19", "from 2 to 4,096");
}
