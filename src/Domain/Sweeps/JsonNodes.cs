using System.Text;
using System.Text.Json;
using Harness.Domain.Api;

namespace Harness.Domain.Sweeps;

/// <summary>
/// Reads a file that says it is JSON, by JSON's own grammar and within the limits of <see cref="YamlReader"/>: YAML would
/// let a comma at the end pass, and refuse escapes that JSON has.
/// </summary>
internal static class JsonNodes
{
    /// <summary>The file's value, or the first thing that is wrong with its form.</summary>
    public static (YamlNode? Root, SpecProblem? Problem) Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            return (new Reading(bytes).Root(), null);
        }
        catch (Refused refused)
        {
            return (null, refused.Problem);
        }
        catch (JsonException fault)
        {
            return (
                null,
                Refused.Of(
                    "json.syntax",
                    (int)(fault.LineNumber ?? 0) + 1, // the reader counts both from 0
                    (int)(fault.BytePositionInLine ?? 0) + 1,
                    $"This is no valid JSON: {Reason(fault.Message)}."
                )
            );
        }
    }

    private static string Reason(string said) =>
        said.Contains("trailing comma", StringComparison.Ordinal)
            ? "a comma stands before the bracket that closes here; take it out"
        : said.Contains("end of the JSON payload", StringComparison.Ordinal)
        || said.Contains("end of data", StringComparison.Ordinal)
            ? "the file ends before its last bracket or quote is closed"
        : said.Split(" LineNumber:")[0].TrimEnd('.', ' ');

    private ref struct Reading(byte[] bytes)
    {
        private readonly byte[] _bytes = bytes;
        private Utf8JsonReader _reader = new(
            bytes,
            new JsonReaderOptions { MaxDepth = 2 * YamlReader.MaxDepth } // ours is told first, with its place
        );
        private int _nodes;
        private int _line = 1;
        private int _column = 1;
        private int _counted;

        public YamlNode Root()
        {
            _reader.Read();
            var root = Node(depth: 0);
            _reader.Read(); // throws where more stands behind it
            return root;
        }

        private YamlNode Node(int depth)
        {
            var (line, column) = Place();
            YamlReader.Bound(++_nodes, depth, line, column);
            switch (_reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    return Map(depth, line, column);
                case JsonTokenType.StartArray:
                    return List(depth, line, column);
                case JsonTokenType.String:
                    return new YamlScalar(Text(line, column), Plain: false, line, column);
                default: // a number, a flag or null: its letters
                    return new YamlScalar(
                        Encoding.UTF8.GetString(_reader.ValueSpan),
                        Plain: true,
                        line,
                        column
                    );
            }
        }

        private YamlMap Map(int depth, int line, int column)
        {
            var entries = new List<YamlEntry>();
            var seen = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
            while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
            {
                var (keyLine, keyColumn) = Place();
                YamlReader.Bound(++_nodes, depth + 1, keyLine, keyColumn);
                var key = new YamlScalar(Text(keyLine, keyColumn), Plain: true, keyLine, keyColumn);
                YamlReader.RefuseSecond(seen, key);
                _reader.Read();
                entries.Add(new YamlEntry(key, Node(depth + 1)));
            }

            return new YamlMap(entries, line, column);
        }

        private YamlList List(int depth, int line, int column)
        {
            var items = new List<YamlNode>();
            while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            {
                items.Add(Node(depth + 1));
            }

            return new YamlList(items, line, column);
        }

        private readonly string Text(int line, int column)
        {
            try
            {
                return _reader.GetString()!;
            }
            catch (InvalidOperationException) // half of a pair of \u escapes
            {
                throw new Refused(
                    Refused.Of(
                        "json.syntax",
                        line,
                        column,
                        "This is no valid JSON: an escape of this text is half a character."
                    )
                );
            }
        }

        // Each byte is looked at once: tokens come in the order of the file.
        private (int Line, int Column) Place()
        {
            var start = (int)_reader.TokenStartIndex;
            for (; _counted < start; _counted++)
            {
                (_line, _column) = _bytes[_counted] switch
                {
                    (byte)'\n' => (_line + 1, 1),
                    >= 0x80 and < 0xC0 => (_line, _column), // goes on with a character
                    >= 0xF0 => (_line, _column + 2), // a pair of chars, as columns count
                    _ => (_line, _column + 1),
                };
            }

            return (_line, _column);
        }
    }
}
