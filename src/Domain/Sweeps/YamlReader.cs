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

    /// <summary>Levels of values in values.</summary>
    internal const int MaxDepth = 32;

    private const int MaxNodes = 50_000;
    private const string NoAliases =
        "Anchors and aliases (& and *) are not allowed; write the value out.";

    private const string Empty =
        "The file is empty. The least is: {version: 1, name: first, parameters: {model: {value: gru}, "
        + "task: {value: parity}}, seeds: 1, budget: {steps: 300}}.";

    private sealed class Reading(IParser parser)
    {
        public IParser Parser { get; } = parser;
        public int Nodes { get; set; }
    }

    /// <summary>The file's only document, or the first thing that is wrong with its form.</summary>
    /// <param name="text">The file.</param>
    /// <param name="isJson">Whether it says of itself that it is JSON.</param>
    public static (YamlNode? Root, SpecProblem? Problem) Read(string text, bool isJson = false)
    {
        try
        {
            Check(text);
            if (isJson && !string.IsNullOrWhiteSpace(text))
            {
                return JsonNodes.Read(text);
            }

            var reading = new Reading(new Parser(new StringReader(text)));
            reading.Parser.Consume<StreamStart>();
            if (reading.Parser.Accept<StreamEnd>(out _))
            {
                return (null, Problem("spec.empty", 1, 1, Empty));
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
            return (null, YamlFault.Of(text, error));
        }
        catch (Exception) // what else the library throws on some broken texts: it is theirs that is wrong, not ours
        {
            return (null, YamlFault.OfBrokenOff(text));
        }
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
        Bound(++reading.Nodes, depth, (int)next.Start.Line, (int)next.Start.Column);
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

            RefuseSecond(seen, name);
            entries.Add(new YamlEntry(name, Node(reading, depth + 1)));
        }

        return new YamlMap(entries, (int)start.Start.Line, (int)start.Start.Column);
    }

    /// <summary>Refuses what no person writes, before anything is built of it.</summary>
    internal static void Bound(int nodes, int depth, int line, int column)
    {
        if (nodes > MaxNodes)
        {
            throw new Refused(
                Problem(
                    "yaml.too_large",
                    line,
                    column,
                    $"The file has more than {MaxNodes:#,0} values."
                )
            );
        }

        if (depth > MaxDepth)
        {
            throw new Refused(
                Problem(
                    "yaml.too_deep",
                    line,
                    column,
                    $"Values are nested more than {MaxDepth} deep."
                )
            );
        }
    }

    /// <summary>Refuses a key that the mapping has, and remembers one that it has not.</summary>
    internal static void RefuseSecond(Dictionary<string, YamlScalar> seen, YamlScalar name)
    {
        if (!seen.TryAdd(name.Text, name))
        {
            throw new Refused(
                Problem(
                    "yaml.duplicate_key",
                    name.Line,
                    name.Column,
                    $"'{name.Text}' stands here again; it stood in line {seen[name.Text].Line} already."
                )
            );
        }
    }

    private static SpecProblem Problem(string code, Mark mark, string message) =>
        Problem(code, (int)mark.Line, (int)mark.Column, message);

    private static SpecProblem Problem(string code, int line, int column, string message) =>
        Refused.Of(code, line, column, message);
}
