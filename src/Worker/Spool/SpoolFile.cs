using System.Globalization;

namespace Harness.Worker.Spool;

/// <summary>What a file of the spool holds.</summary>
public enum SpoolKind
{
    /// <summary>Points of curves: what may be dropped, the oldest first.</summary>
    Points,

    /// <summary>Profiles and log lines.</summary>
    Kept,

    /// <summary>What an attempt measured last, and how it ended.</summary>
    End,
}

/// <summary>A file of the spool; its name says all that is needed to hand it in: <c>NUMBER.TRIAL.TOKEN.KIND</c>.</summary>
/// <param name="Number">Grows with each file.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Token">The attempt's token.</param>
/// <param name="Kind">What it holds.</param>
public readonly record struct SpoolFile(long Number, long Trial, long Token, SpoolKind Kind)
{
    /// <summary>Its name, whose order is that of the numbers.</summary>
    public string Name =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Number:D12}.{Trial}.{Token}.{Domain.Words.Of(Kind)}"
        );

    /// <summary>The file of that name; null where it is none of the spool's.</summary>
    public static SpoolFile? Parse(string name) =>
        name.Split('.') is [var number, var trial, var token, var word]
        && Long(number) is { } ordinal
        && Long(trial) is { } id
        && Long(token) is { } fence
        && Enum.GetValues<SpoolKind>().Where(kind => Domain.Words.Of(kind) == word).ToList()
            is [var found]
            ? new SpoolFile(ordinal, id, fence, found)
            : null;

    private static long? Long(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
