using System.Text;

namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>Rows 1 to 14: what is no sweep file at all.</summary>
internal static class FormRows
{
    private static readonly string Laughs = string.Join(
        '\n',
        Enumerable
            .Range(1, 9)
            .Select(level => $"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]")
            .Prepend("a0: &a0 [x, x, x, x, x, x, x, x, x]")
    );

    public static IEnumerable<Row> All =>
        [
            new(
                1,
                "an empty body",
                Spec.Raw("").Told(400, "spec.empty", "", "1:1", "The least is: {version: 1"),
                Spec.Raw("# nothing\n").Told(400, "spec.empty", "", "1:1", "The least is")
            ),
            new(
                2,
                "null, a list, a word",
                Spec.Raw("null").Told(422, "spec.not_a_mapping", "", "1:1", "not \"null\""),
                Spec.Raw("[]").Told(422, "spec.not_a_mapping", "", "1:1", "not a list"),
                Spec.Raw("hello").Told(422, "spec.not_a_mapping", "", "1:1", "not \"hello\"")
            ),
            new(
                3,
                "broken YAML",
                Spec.With("name: example", "\tname: example")
                    .Told(400, "yaml.syntax", "", "2:1", "Tabs are not allowed for indentation"),
                Spec.With("name: example", "name: [example")
                    .Told(400, "yaml.syntax", "", "2:7", "the '[' here is never closed")
            ),
            new(
                4,
                "broken JSON",
                (Spec.Raw("{\"version\": 1,\n}") with { Type = "application/json" }).Told(
                    400,
                    "json.syntax",
                    "",
                    "2:1",
                    "a comma stands before"
                )
            ),
            new(
                5,
                "another content type",
                (Spec.Raw(Spec.Right) with { Type = "text/html" }).Told(
                    415,
                    "media_type",
                    "Content-Type",
                    "0:0",
                    "allowed: application/yaml, application/json"
                ),
                (Spec.Raw(Spec.Right) with { Type = "multipart/form-data" }).Refused(415)
            ),
            new(
                6,
                "no UTF-8",
                new Spec([.. "version: 1\nname: "u8, 0xC3, 0x28]).Told(
                    400,
                    "encoding",
                    "",
                    "2:7",
                    "Byte 17 (0xC3)"
                ),
                new Spec([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Spec.Right)]).Told(
                    400,
                    "encoding",
                    "",
                    "1:1",
                    "save it as UTF-8"
                )
            ),
            new(
                7,
                "control characters in a name",
                Spec.With("example", "a\0b").Told(400, "encoding", "", "2:8", "U+0000"),
                Spec.With("example", "\"a\\0b\"")
                    .Told(422, "text.charset", "/name", "2:7", "U+0000", "letters of any script")
            ),
            new(
                8,
                "more than 256 KiB",
                Spec.Raw(new string('#', 256 * 1024 + 1)).Refused(413, "256 KiB"),
                (Spec.Raw(new string('#', 256 * 1024 + 1)) with { IsChunked = true }).Refused(413)
            ),
            new(
                9,
                "nested 100,000 deep",
                Spec.Raw(new string('[', 100_000)).Told(422, "yaml.too_deep", "", "1:34", "32"),
                Spec.Raw(string.Concat(Enumerable.Repeat("- ", 100_000)))
                    .Told(422, "yaml.too_deep", "", "1:67", "32"),
                (Spec.Raw(new string('[', 100_000)) with { Type = "application/json" }).Told(
                    422,
                    "yaml.too_deep",
                    "",
                    "1:34",
                    "32"
                )
            ),
            new(
                10,
                "a billion laughs",
                Spec.Raw(Laughs).Told(422, "yaml.aliases", "", "1:5", "write the value out")
            ),
            new(
                11,
                "an alias of itself",
                Spec.Raw("a: &a [*a]").Told(422, "yaml.aliases", "", "1:4", "write the value out")
            ),
            new(
                12,
                "a tag",
                Spec.Raw("a: !System.Diagnostics.Process {}")
                    .Told(422, "yaml.tag", "", "1:4", "!System.Diagnostics.Process"),
                Spec.Raw("a: !!python/object {}").Told(422, "yaml.tag", "", "1:4", "not allowed")
            ),
            new(
                13,
                "two documents in one file",
                Spec.Raw($"{Spec.Right}---\n{Spec.Right}")
                    .Told(422, "yaml.many_documents", "", "12:1", "submit them one by one")
            ),
            new(
                14,
                "a key twice",
                Spec.With("name: example", "name: example\nname: two")
                    .Told(422, "yaml.duplicate_key", "", "3:1", "in line 2 already"),
                (Spec.Raw("{\"a\": 1,\n \"a\": 2}") with { Type = "application/json" }).Told(
                    422,
                    "yaml.duplicate_key",
                    "",
                    "2:2",
                    "in line 1 already"
                )
            ),
        ];
}
