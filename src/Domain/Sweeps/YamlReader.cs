using System.Text;
using Harness.Domain.Api;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Harness.Domain.Sweeps;

/// <summary>Reads a file of people from YAML events, within limits: the library's own object model never ends on deep nesting.</summary>
public static class YamlReader
{
    /// <summary>Greatest size of a file in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxDepth = 32;
    private const int MaxNodes = 50_000;
    private const string NoAliases =
        "Anchors and aliases (& and *) are not allowed; write the value out.";

    private sealed class Refused(SpecProblem problem) : Exception(problem.Message)
    {
        public SpecProblem Problem { get; } = problem;
    }

    private sealed class Reading(IParser parser)
    {
        public IParser Parser { get; } = parser;
        public int Nodes { get; set; }
    }

    /// <summary>The file's only document, or the first thing that is wrong with its form.</summary>
    public static (YamlNode? Root, SpecProblem? Problem) Read(string text)
    {
        try
        {
            Check(text);
            var reading = new Reading(new Parser(new StringReader(text)));
            reading.Parser.Consume<StreamStart>();
            if (reading.Parser.Accept<StreamEnd>(out _))
            {
                return (
                    null,
                    Problem(
                        "spec.empty",
                        1,
                        1,
                        "The file is empty; `harness catalog` and sweeps/quickstart.yml show what goes in."
                    )
                );
            }

            reading.Parser.Consume<DocumentStart>();
            var root = Node(reading, depth: 0);
            reading.Parser.Consume<DocumentEnd>();
            if (!reading.Parser.Accept<StreamEnd>(out _))
            {
                var mark = reading.Parser.Current!.Start;
                return (
                    null,
                    Problem(
                        "yaml.many_documents",
                        mark,
                        "The file holds several documents; submit them one by one."
                    )
                );
            }

            return (root, null);
        }
        catch (Refused refused)
        {
            return (null, refused.Problem);
        }
        catch (YamlException error)
        {
            return (null, Syntax(text, error));
        }
        catch (InvalidOperationException) // the library's scanner on some broken flow values
        {
            return (
                null,
                Problem(
                    "yaml.syntax",
                    1,
                    1,
                    "This is no valid YAML: a value in brackets or braces is broken off."
                )
            );
        }
    }

    private static SpecProblem Syntax(string text, YamlException error)
    {
        var lines = text.Split('\n');
        var tab = Array.FindIndex(
            lines,
            line => line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).Contains('\t')
        );
        if (tab >= 0)
        {
            return Problem(
                "yaml.syntax",
                tab + 1,
                1,
                "Tabs are not allowed for indentation; use blanks."
            );
        }

        var at = error.Message.IndexOf("): ", StringComparison.Ordinal);
        var reason = error.Message[(at < 0 ? 0 : at + 3)..].Split('\n')[0].TrimEnd('.', ' ');
        return text.TrimStart().StartsWith('{')
            ? Problem("json.syntax", error.Start, $"This is no valid JSON or YAML: {reason}.")
            : Problem(
                "yaml.syntax",
                error.Start,
                $"This is no valid YAML: {reason}. A text with special characters needs quotes."
            );
    }

    private static void Check(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            throw new Refused(
                Problem("spec.too_large", 1, 1, $"The file is larger than {MaxBytes / 1024} KiB.")
            );
        }

        var (line, column) = (1, 1);
        foreach (var symbol in text)
        {
            if (symbol == '\n')
            {
                (line, column) = (line + 1, 1);
                continue;
            }

            if (char.IsControl(symbol) && symbol is not ('\r' or '\t' or '\u0085'))
            {
                throw new Refused(
                    Problem(
                        "encoding",
                        line,
                        column,
                        $"A control character (U+{(int)symbol:X4}) stands here; the file must be plain UTF-8 text."
                    )
                );
            }

            column++;
        }
    }

    private static YamlNode Node(Reading reading, int depth)
    {
        if (reading.Parser.Accept<AnchorAlias>(out var alias))
        {
            throw new Refused(Problem("yaml.aliases", alias.Start, NoAliases));
        }

        var next = reading.Parser.Consume<NodeEvent>();
        if (++reading.Nodes > MaxNodes)
        {
            throw new Refused(
                Problem("yaml.too_large", next.Start, $"The file has more than {MaxNodes} values.")
            );
        }

        if (depth > MaxDepth)
        {
            throw new Refused(
                Problem(
                    "yaml.too_deep",
                    next.Start,
                    $"Values are nested more than {MaxDepth} deep."
                )
            );
        }

        if (!next.Anchor.IsEmpty)
        {
            throw new Refused(Problem("yaml.aliases", next.Start, NoAliases));
        }

        if (!next.Tag.IsEmpty)
        {
            throw new Refused(
                Problem("yaml.tag", next.Start, $"Tags such as {next.Tag.Value} are not allowed.")
            );
        }

        return next switch
        {
            Scalar scalar => Text(scalar),
            SequenceStart start => List(reading, start, depth),
            MappingStart start => Map(reading, start, depth),
            _ => throw new YamlException(next.Start, next.End, "a value is missing here"),
        };
    }

    private static YamlScalar Text(Scalar scalar) =>
        new(
            scalar.Value,
            scalar.Style == ScalarStyle.Plain,
            (int)scalar.Start.Line,
            (int)scalar.Start.Column
        );

    private static YamlList List(Reading reading, SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (!reading.Parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(reading, depth + 1));
        }

        return new YamlList(items, (int)start.Start.Line, (int)start.Start.Column);
    }

    private static YamlMap Map(Reading reading, MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        while (!reading.Parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(reading, depth + 1);
            if (key is not YamlScalar name)
            {
                throw new Refused(
                    Problem("yaml.key", key.Line, key.Column, "A key must be a plain word.")
                );
            }

            if (seen.TryGetValue(name.Text, out var first))
            {
                throw new Refused(
                    Problem(
                        "yaml.duplicate_key",
                        name.Line,
                        name.Column,
                        $"'{name.Text}' stands here again; it stood in line {first.Line} already."
                    )
                );
            }

            seen[name.Text] = name;
            entries.Add(new YamlEntry(name, Node(reading, depth + 1)));
        }

        return new YamlMap(entries, (int)start.Start.Line, (int)start.Start.Column);
    }

    private static SpecProblem Problem(string code, Mark mark, string message) =>
        Problem(code, (int)mark.Line, (int)mark.Column, message);

    private static SpecProblem Problem(string code, int line, int column, string message) =>
        new()
        {
            Code = code,
            Path = "",
            Line = line,
            Column = column,
            Message = message,
        };
}
