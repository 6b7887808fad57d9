using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Output;

/// <summary>What a command writes: one document or plain text on standard output, messages on standard error.</summary>
public static class Terminal
{
    /// <summary>One JSON document.</summary>
    public static void Json<T>(T value, JsonTypeInfo<T> type)
    {
        _ = type;
        Console.Out.WriteLine(JsonSerializer.Serialize(value, ReadableJson.Options));
    }

    /// <summary>A message for a person.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);

    /// <summary>A table: aligned columns on a terminal, tabs between them when piped.</summary>
    /// <param name="head">Column heads; those that begin with a blank hold figures and stand right.</param>
    /// <param name="rows">Cells.</param>
    public static void Table(IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var row in rows.Prepend([.. head.Select(cell => cell.Trim())]))
            {
                Console.Out.WriteLine(string.Join('\t', row));
            }

            return;
        }

        var widths = head.Select(
                (cell, column) =>
                    rows.Select(row => row[column].Length).Append(cell.Trim().Length).Max()
            )
            .ToList();
        foreach (var row in rows.Prepend([.. head.Select(cell => cell.Trim())]))
        {
            var cells = row.Select(
                (cell, column) =>
                    head[column].StartsWith(' ')
                        ? cell.PadLeft(widths[column])
                        : cell.PadRight(widths[column])
            );
            Console.Out.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    /// <summary>Mistakes of a sweep file, each with its line and a caret.</summary>
    /// <param name="file">Name of the file.</param>
    /// <param name="text">Its text.</param>
    /// <param name="problems">Mistakes.</param>
    public static void Problems(string file, string text, IReadOnlyList<SpecProblem> problems)
    {
        var lines = text.Split('\n');
        foreach (var problem in problems)
        {
            var place =
                problem.Line > 0
                    ? $"{file}:{problem.Line}:{problem.Column}"
                    : $"{file}: --set {problem.Path.Trim('/').Replace('/', '.')}";
            Say($"{place}: {problem.Message}");
            if (problem.Line > 0 && problem.Line <= lines.Length)
            {
                Say($"    {lines[problem.Line - 1].TrimEnd()}");
                Say($"    {new string(' ', Math.Max(0, problem.Column - 1))}^");
            }

            if (problem.Suggestion is { } suggestion)
            {
                Say($"  did you mean '{suggestion}'?");
            }

            if (problem.Allowed is { Count: > 0 } allowed)
            {
                Say($"  allowed: {string.Join(", ", allowed)}");
            }
        }
    }
}
