namespace Harness.Cli.Output;

/// <summary>Text of others (names, reasons, log lines) on its way to a terminal.</summary>
public static class PlainText
{
    /// <summary>The same without control characters: an escape sequence in a name must not move the cursor.</summary>
    public static string Safe(string text) =>
        text.Any(IsUnsafe)
            ? string.Concat(text.Select(letter => IsUnsafe(letter) ? '\uFFFD' : letter))
            : text;

    private static bool IsUnsafe(char letter) =>
        (char.IsControl(letter) && letter is not ('\n' or '\t'))
        // These turn the direction of writing: what follows would be shown as something else.
        || letter is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
