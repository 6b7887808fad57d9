namespace Harness.Domain.Sweeps;

/// <summary>A value of the file with the place where it stands.</summary>
/// <param name="Line">From 1; 0 for a value given on the command line.</param>
/// <param name="Column">From 1.</param>
public abstract record YamlNode(int Line, int Column)
{
    /// <summary>Kind of value, in the words of a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>A text, number, flag or nothing.</summary>
/// <param name="Text">As it is written, without quotes.</param>
/// <param name="Plain">Whether it stands without quotes: only then it can be more than a text.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record YamlScalar(string Text, bool Plain, int Line, int Column)
    : YamlNode(Line, Column)
{
    /// <inheritdoc/>
    public override string Kind => Text.Length == 0 && Plain ? "nothing" : $"\"{Shorten(Text)}\"";

    /// <summary>Empty, <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null";

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}

/// <summary>A list.</summary>
/// <param name="Items">Its values.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record YamlList(IReadOnlyList<YamlNode> Items, int Line, int Column)
    : YamlNode(Line, Column)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>A mapping, in the order of the file.</summary>
/// <param name="Entries">Keys and values; no key stands twice.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, int Line, int Column)
    : YamlNode(Line, Column)
{
    /// <inheritdoc/>
    public override string Kind => "a mapping";

    /// <summary>The entry of that key, or null.</summary>
    public YamlEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key.Text == key);
}

/// <summary>A key and its value.</summary>
/// <param name="Key">Key.</param>
/// <param name="Value">Value.</param>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);
