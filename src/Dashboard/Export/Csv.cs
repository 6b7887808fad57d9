using System.Text;

namespace Harness.Dashboard.Export;

/// <summary>Comma-separated values by RFC 4180, safe to open in a spreadsheet.</summary>
public static class Csv
{
    private static readonly System.Buffers.SearchValues<char> Special =
        System.Buffers.SearchValues.Create(",\"\r\n");

    /// <summary>A line of fields, ended by CR LF.</summary>
    public static void Line(StringBuilder target, IEnumerable<string> fields)
    {
        var isFirst = true;
        foreach (var field in fields)
        {
            if (!isFirst)
            {
                target.Append(',');
            }

            isFirst = false;
            Quote(target, field);
        }

        target.Append("\r\n");
    }

    /// <summary>
    /// A text that someone else wrote. A spreadsheet runs what begins like a formula: such a text gets an apostrophe in
    /// front. Numbers are not texts and stay as they are.
    /// </summary>
    public static string Text(string text) =>
        text.Length > 0 && text.TrimStart(' ') is [var first, ..] && "=+-@\t\r\n|".Contains(first)
            ? "'" + text
            : text;

    private static void Quote(StringBuilder target, string field)
    {
        if (field.AsSpan().IndexOfAny(Special) < 0)
        {
            target.Append(field);
            return;
        }

        target
            .Append('"')
            .Append(field.Replace("\"", "\"\"", StringComparison.Ordinal))
            .Append('"');
    }
}
