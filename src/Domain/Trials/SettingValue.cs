using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Domain.Trials;

/// <summary>One value of a setting: an integer, a finite number, a flag or a text.</summary>
/// <remarks>Value equality, and a canonical text, since both enter the identity of a trial.</remarks>
[JsonConverter(typeof(SettingValueConverter))]
public readonly record struct SettingValue
{
    private readonly object _value;

    private SettingValue(object value) => _value = value;

    /// <summary>An integer.</summary>
    public static SettingValue Of(long value) => new(value);

    /// <summary>A finite number; a whole one becomes an integer, so that 1 and 1.0 are the same setting.</summary>
    public static SettingValue Of(double value) =>
        !double.IsFinite(value)
            ? throw new ArgumentOutOfRangeException(nameof(value), "must be finite")
        : value == Math.Truncate(value) && Math.Abs(value) < 1e15 ? new((long)value)
        : new(value);

    /// <summary>A flag.</summary>
    public static SettingValue Of(bool value) => new(value);

    /// <summary>A text.</summary>
    public static SettingValue Of(string value) => new(value);

    /// <summary>Whether the value is an integer.</summary>
    public bool IsInteger => _value is long;

    /// <summary>Whether the value is an integer or a number.</summary>
    public bool IsNumber => _value is long or double;

    /// <summary>Whether the value is a flag.</summary>
    public bool IsFlag => _value is bool;

    /// <summary>Whether the value is a text.</summary>
    public bool IsText => _value is string;

    /// <summary>The integer; throws when it is none.</summary>
    public long Integer => _value is long value ? value : throw Wrong("an integer");

    /// <summary>The number; throws when it is none.</summary>
    public double Number =>
        _value switch
        {
            long value => value,
            double value => value,
            _ => throw Wrong("a number"),
        };

    /// <summary>The flag; throws when it is none.</summary>
    public bool Flag => _value is bool value ? value : throw Wrong("a flag");

    /// <summary>The text; throws when it is none.</summary>
    public string Text => _value is string value ? value : throw Wrong("a text");

    /// <summary>The value as people write it, the same in every culture.</summary>
    public override string ToString() =>
        _value switch
        {
            bool value => value ? "true" : "false",
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            string value => value,
            _ => "",
        };

    private FormatException Wrong(string expected) => new($"'{this}' is not {expected}.");
}

/// <summary>A setting is a bare JSON scalar.</summary>
public sealed class SettingValueConverter : JsonConverter<SettingValue>
{
    /// <inheritdoc/>
    public override SettingValue Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) =>
        reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt64(out var value) => SettingValue.Of(value),
            JsonTokenType.Number => SettingValue.Of(reader.GetDouble()),
            JsonTokenType.True => SettingValue.Of(true),
            JsonTokenType.False => SettingValue.Of(false),
            JsonTokenType.String => SettingValue.Of(reader.GetString()!),
            _ => throw new JsonException("a setting is a number, a flag or a text"),
        };

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer,
        SettingValue value,
        JsonSerializerOptions options
    )
    {
        if (value.IsInteger)
        {
            writer.WriteNumberValue(value.Integer);
        }
        else if (value.IsNumber)
        {
            writer.WriteNumberValue(value.Number);
        }
        else if (value.IsFlag)
        {
            writer.WriteBooleanValue(value.Flag);
        }
        else
        {
            writer.WriteStringValue(value.Text);
        }
    }
}
