using System.Globalization;
using System.Text;
using Harness.Domain.Api;

namespace Harness.Cli.Output;

/// <summary>What is wrong with a file, with the line and a caret below the place.</summary>
public static class ProblemText
{
    private const int LongestLine = 160;

    /// <summary>All problems, one after the other.</summary>
    /// <param name="file">Name of the file as the person gave it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="problems">Problems.</param>
    public static string Of(string file, string text, IReadOnlyList<SpecProblem> problems)
    {
        var lines = text.Split('\n');
        return string.Join(
            '\n',
            problems.Select(problem => Of(file, lines, problem).TrimEnd('\n'))
        );
    }

    private static string Of(string file, string[] lines, SpecProblem problem)
    {
        var written = new StringBuilder();
        written.Append(file);
        if (problem.Line > 0)
        {
            written.Append(
                CultureInfo.InvariantCulture,
                $":{problem.Line}:{Math.Max(1, problem.Column)}"
            );
        }

        if (problem.Path.Length > 0)
        {
            written.Append(CultureInfo.InvariantCulture, $": {problem.Path}");
        }

        written.Append(": ").Append(problem.Message).Append('\n');
        if (
            problem.Line > 0
            && problem.Line <= lines.Length
            && lines[problem.Line - 1].AsSpan().Trim().Length > 0
        )
        {
            Point(written, lines[problem.Line - 1].TrimEnd('\r'), problem);
        }

        return written.Append(WayOut(problem).TrimStart('\n')).ToString();
    }

    /// <summary>Allowed values and the nearest spelling, a line each; empty where there are none.</summary>
    public static string WayOut(SpecProblem problem) =>
        (
            problem.Allowed is { Count: > 0 } allowed
                ? $"\n    allowed: {string.Join(", ", allowed)}"
                : ""
        ) + (problem.Suggestion is { } suggestion ? $"\n    did you mean '{suggestion}'?" : "");

    private static void Point(StringBuilder written, string line, SpecProblem problem)
    {
        var number = problem.Line.ToString(CultureInfo.InvariantCulture).PadLeft(4);
        var column = Math.Clamp(problem.Column, 1, line.Length + 1);
        // A long line is cut on both sides of the place.
        var from = column > LongestLine ? column - (LongestLine / 2) : 0;
        var shown = line[from..Math.Min(line.Length, from + LongestLine)].Replace('\t', ' ');
        written.Append(CultureInfo.InvariantCulture, $"{number} | {shown}\n");
        written.Append(
            CultureInfo.InvariantCulture,
            $"     | {new string(' ', column - 1 - from)}^\n"
        );
    }
}
