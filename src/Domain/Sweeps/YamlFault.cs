using Harness.Domain.Api;
using YamlDotNet.Core;

namespace Harness.Domain.Sweeps;

/// <summary>What is wrong with a text that is no YAML, in the words of a person who writes it, not of a scanner.</summary>
internal static class YamlFault
{
    // What the library says, and what that means. The first that fits counts.
    private static readonly (string Said, string Meant)[] Meanings =
    [
        ("flow mapping", "',' or '}' is expected here"),
        ("flow sequence", "',' or ']' is expected here"),
        ("quoted scalar, found unknown escape", Escape),
        ("quoted scalar", "the text that begins with a quote here is not closed"),
        ("block collection", "an item with '-' is expected here, as far in as the items above"),
        ("block scalar", "after '|' or '>' the text begins in the next line"),
        ("block mapping", "a key with ':' is expected here, as far in as the keys above"),
        ("expected ':'", "a key without ':' stands here"),
        ("<document start>", "a key with ':' is expected here"),
        ("node content", "a value is expected here"),
        (
            "anchor or alias",
            "'&' and '*' have a meaning of their own; a text with them needs quotes"
        ),
        ("incompatible YAML", "the first line asks for another version of YAML"),
    ];

    private const string Escape =
        @"a text in double quotes has an escape that YAML does not know; write \\ for a backslash";

    /// <summary>The fault that the library found.</summary>
    public static SpecProblem Of(string text, YamlException error)
    {
        var lines = text.Split('\n');
        var tab = Array.FindIndex(
            lines,
            line => line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).Contains('\t')
        );
        if (tab >= 0)
        {
            return Syntax(tab + 1, 1, "Tabs are not allowed for indentation; use blanks.");
        }

        var (line, column) = ((int)error.Start.Line, (int)error.Start.Column);
        var before = line <= lines.Length ? lines[line - 1] : "";
        var sign = column <= before.Length ? before[column - 1] : ' ';
        before = before[..Math.Min(before.Length, Math.Max(0, column - 1))];
        return Syntax(
            line,
            column,
            $"This is no valid YAML: {Meaning(error.Message, before, sign)}."
        );
    }

    /// <summary>Where the library gives up without a word: mostly a bracket that is never closed.</summary>
    public static SpecProblem OfBrokenOff(string text) =>
        Open(text) is var (line, column, sign)
            ? Syntax(
                line,
                column,
                $"This is no valid YAML: the '{sign}' here is never closed by a '{(sign == '[' ? ']' : '}')}'."
            )
            : Syntax(1, 1, "This is no valid YAML: it is broken off.");

    private static string Meaning(string said, string before, char sign)
    {
        if (said.Contains("invalid mapping", StringComparison.Ordinal))
        {
            return before.Contains(": ", StringComparison.Ordinal)
                ? "a second ': ' stands in this line; a text that holds one needs quotes"
                : "this key stands below a value; it must be as far in as the key above";
        }

        if (said.Contains("cannot start any token", StringComparison.Ordinal))
        {
            return $"a value cannot begin with '{sign}'; a text that does needs quotes";
        }

        var known = Meanings.FirstOrDefault(pair =>
            said.Contains(pair.Said, StringComparison.Ordinal)
        );
        if (known.Meant is { } meant)
        {
            return meant;
        }

        var at = said.IndexOf("): ", StringComparison.Ordinal);
        return said[(at < 0 ? 0 : at + 3)..].Split('\n')[0].TrimEnd('.', ' ');
    }

    // The last bracket that is open at the end; brackets in quotes and comments are text.
    private static (int Line, int Column, char Sign)? Open(string text)
    {
        var open = new Stack<(int, int, char)>();
        var (line, column, quote) = (1, 0, '\0');
        var isComment = false;
        foreach (var sign in text)
        {
            column++;
            if (sign == '\n')
            {
                (line, column, isComment) = (line + 1, 0, false);
            }
            else if (isComment)
            {
                continue;
            }
            else if (quote != '\0')
            {
                quote = sign == quote ? '\0' : quote;
            }
            else if (sign is '"' or '\'' or '#')
            {
                (quote, isComment) = (sign == '#' ? '\0' : sign, sign == '#');
            }
            else if (sign is '[' or '{')
            {
                open.Push((line, column, sign));
            }
            else if (sign is ']' or '}')
            {
                open.TryPop(out _);
            }
        }

        return open.TryPop(out var last) ? last : null;
    }

    private static SpecProblem Syntax(int line, int column, string message) =>
        Refused.Of("yaml.syntax", line, column, message);
}
