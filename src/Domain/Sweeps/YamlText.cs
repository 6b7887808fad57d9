using System.Text.Json;

namespace Harness.Domain.Sweeps;

/// <summary>Writes values back as a file: in braces and brackets, a key of the top level a line.</summary>
public static class YamlText
{
    /// <summary>A file that reads as the same values.</summary>
    public static string Of(YamlMap file) =>
        string.Concat(
            file.Entries.Select(entry => $"{Quoted(entry.Key.Text)}: {Inline(entry.Value)}\n")
        );

    /// <summary>One value, in braces and brackets.</summary>
    public static string Inline(YamlNode node) =>
        node switch
        {
            YamlMap map =>
                $"{{{string.Join(", ", map.Entries.Select(entry => $"{Quoted(entry.Key.Text)}: {Inline(entry.Value)}"))}}}",
            YamlList list => $"[{string.Join(", ", list.Items.Select(Inline))}]",
            // A plain word may be a number or a flag; what has other signs in it can only be a text.
            YamlScalar { Plain: true } scalar when scalar.Text.All(IsWord) => scalar.Text,
            YamlScalar scalar => Quote(scalar.Text),
            _ => "",
        };

    private static string Quoted(string key) =>
        key.Length > 0 && key.All(IsWord) ? key : Quote(key);

    private static string Quote(string text) =>
        JsonSerializer.Serialize(text, DomainJson.Default.String);

    private static bool IsWord(char symbol) =>
        char.IsAsciiLetterOrDigit(symbol) || symbol is '_' or '.' or '-' or '+';
}
