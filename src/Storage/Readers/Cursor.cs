using System.Globalization;
using Harness.Domain;

namespace Harness.Storage.Readers;

/// <summary>Where a page ended: numbers with a point between, the same in every culture.</summary>
internal static class Cursor
{
    /// <summary>Rows a page has by default.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Rows a page has at most.</summary>
    public const int MaxLimit = 500;

    /// <summary>The limit within its bounds.</summary>
    public static int Limit(int asked) => Math.Clamp(asked, 1, MaxLimit);

    /// <summary>The cursor of these numbers.</summary>
    public static string Of(params long[] numbers) =>
        string.Join('.', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The numbers of a cursor; throws a message for people when it is none of ours.</summary>
    public static long[]? Parse(string? text, int count)
    {
        if (text is null)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (var part in text.Split('.'))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            {
                throw Malformed(text);
            }

            numbers.Add(n);
        }

        return numbers.Count == count ? [.. numbers] : throw Malformed(text);
    }

    private static HarnessException Malformed(string text) =>
        new(
            $"'{text}' is no cursor: take the one that the page before gave.",
            HarnessException.BadInput
        );
}
