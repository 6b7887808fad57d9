using System.Globalization;
using System.Text.RegularExpressions;

namespace Harness.Domain.Sweeps;

/// <summary>Durations and sizes with their units.</summary>
public static partial class Units
{
    /// <summary>How a duration is written, for messages.</summary>
    public const string DurationGrammar = "a duration such as 500ms, 90s, 2m or 1h30m";

    /// <summary>How an age is written, for messages.</summary>
    public const string AgeGrammar = "an age such as 30d, 12h or 90m";

    /// <summary>How a size is written, for messages.</summary>
    public const string SizeGrammar = "a size such as 512MiB, 1GiB or 100MB";

    [GeneratedRegex(
        @"^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex DurationForm();

    [GeneratedRegex(
        @"^(\d+(?:\.\d+)?)(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex SizeForm();

    /// <summary>Seconds of a duration, or null when it is none.</summary>
    public static double? Seconds(string text)
    {
        var match = DurationForm().Match(text);
        if (text.Length is 0 or > 32 || !match.Success)
        {
            return null;
        }

        double Part(int group) =>
            match.Groups[group].Success ? Number(match.Groups[group].Value) : 0;
        return Part(1) * 3600 + Part(2) * 60 + Part(3) + Part(4) / 1000;
    }

    /// <summary>Seconds of an age: a duration, before which days may stand; null when it is none.</summary>
    public static double? AgeSeconds(string text)
    {
        var days = text.IndexOf('d', StringComparison.Ordinal);
        var rest = text[(days + 1)..];
        return (days, rest.Length) switch
        {
            (< 0, _) => Seconds(text),
            (0 or > 5, _) => null,
            _ when !text.AsSpan(0, days).ContainsAnyExceptInRange('0', '9') => Number(text[..days])
                * 24
                * 3600
                + (rest.Length == 0 ? 0 : Seconds(rest)),
            _ => null,
        };
    }

    /// <summary>Bytes of a size, or null when it is none or beyond an exabyte.</summary>
    public static long? Bytes(string text)
    {
        var match = SizeForm().Match(text);
        if (text.Length > 32 || !match.Success)
        {
            return null;
        }

        var unit = match.Groups[2].Value;
        var power =
            unit == "B"
                ? 0
                : 1 + "KMGT".IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal);
        var bytes =
            Number(match.Groups[1].Value)
            * Math.Pow(unit.Contains('i', StringComparison.Ordinal) ? 1024 : 1000, power);
        return bytes < 1e18 ? (long)bytes : null;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
