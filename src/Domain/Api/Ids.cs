using System.Globalization;

namespace Harness.Domain.Api;

/// <summary>Ids as people see them: <c>S-41</c>, <c>T-1042</c>; numbers inside.</summary>
public static class Ids
{
    /// <summary>Id of a sweep.</summary>
    public static string Sweep(long id) => string.Create(CultureInfo.InvariantCulture, $"S-{id}");

    /// <summary>Id of a trial.</summary>
    public static string Trial(long id) => string.Create(CultureInfo.InvariantCulture, $"T-{id}");

    /// <summary>The number of a sweep's id, with or without its letter; false when malformed.</summary>
    public static bool TrySweep(string text, out long id) => TryParse(text, 'S', out id);

    /// <summary>The number of a trial's id, with or without its letter; false when malformed.</summary>
    public static bool TryTrial(string text, out long id) => TryParse(text, 'T', out id);

    private static bool TryParse(string text, char letter, out long id)
    {
        var digits =
            text.Length > 2 && char.ToUpperInvariant(text[0]) == letter && text[1] == '-'
                ? text[2..]
                : text;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out id)
            && id > 0;
    }
}
