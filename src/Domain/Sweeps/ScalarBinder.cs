using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Domain.Sweeps;

/// <summary>Turns a written scalar into the value that its place asks for, or says what is wrong.</summary>
/// <param name="problems">Where faults go.</param>
public sealed partial class ScalarBinder(Problems problems)
{
    // The core schema's numbers without its octals: 012, 1_000 and dates stay texts.
    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)$", RegexOptions.NonBacktracking)]
    private static partial Regex IntegerForm();

    [GeneratedRegex(
        @"^[-+]?(0|[1-9][0-9]*|)(\.[0-9]*)?([eE][-+]?[0-9]+)?$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex NumberForm();

    /// <summary>A text of a bounded length without control characters.</summary>
    public string? Text(string path, YamlNode node, int longest)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            problems.Add("type.mismatch", path, node, $"A text is expected, not {node.Kind}.");
            return null;
        }

        if (scalar.Text.Length > longest)
        {
            problems.Add(
                "text.length",
                path,
                node,
                $"The text has {scalar.Text.Length:#,0} characters; {longest:#,0} are allowed."
            );
            return null;
        }

        if (scalar.Text.FirstOrDefault(IsControl) is var control && scalar.Text.Any(IsControl))
        {
            problems.Add(
                "text.charset",
                path,
                node,
                $"The text holds a character that is not seen, U+{(int)control:X4}: letters of any script, digits, signs and blanks are allowed."
            );
            return null;
        }

        return scalar.Text;
    }

    // Controls that turn the direction of writing could make a name look like another one.
    private static bool IsControl(char symbol) =>
        (char.IsControl(symbol) && symbol != '\n')
        || symbol is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    /// <summary>A whole number within bounds.</summary>
    public long? Integer(string path, YamlNode node, long min, long max) =>
        Value(
            path,
            node,
            new ParameterDefinition
            {
                Name = "",
                Kind = ParameterKind.Integer,
                Description = "",
                Min = min,
                Max = max == long.MaxValue ? null : max,
            }
        )?.Integer;

    /// <summary>A value of that definition.</summary>
    public SettingValue? Value(string path, YamlNode node, ParameterDefinition definition)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            problems.Add(
                "type.mismatch",
                path,
                node,
                $"{Expected(definition)} is expected, not {node.Kind}."
                    + (
                        node is YamlList && path.EndsWith("/value", StringComparison.Ordinal)
                            ? " Several are written under 'values'."
                            : ""
                    )
            );
            return null;
        }

        return definition.Kind switch
        {
            ParameterKind.Integer => Integer(path, scalar, definition),
            ParameterKind.Number => Number(path, scalar, definition),
            ParameterKind.Flag => Flag(path, scalar, definition),
            _ => Word(path, scalar, definition),
        };
    }

    private SettingValue? Integer(string path, YamlScalar scalar, ParameterDefinition definition)
    {
        if (!scalar.Plain || !IntegerForm().IsMatch(scalar.Text))
        {
            problems.Add(
                "type.mismatch",
                path,
                scalar,
                $"{Expected(definition)} is expected, not {scalar.Kind}."
            );
            return null;
        }

        var value =
            scalar.Text.Length > 40
                ? BigInteger.Pow(10, 40)
                : BigInteger.Parse(scalar.Text, CultureInfo.InvariantCulture);
        if (
            value < (definition.Min is { } min ? new BigInteger(min) : long.MinValue)
            || value > (definition.Max is { } max ? new BigInteger(max) : long.MaxValue)
        )
        {
            problems.Add(
                "range",
                path,
                scalar,
                $"{Expected(definition)} is expected, not {scalar.Text}."
            );
            return null;
        }

        return SettingValue.Of((long)value);
    }

    private SettingValue? Number(string path, YamlScalar scalar, ParameterDefinition definition)
    {
        if (
            scalar.Plain
            && scalar.Text.TrimStart('-', '+').ToLowerInvariant()
                is ".inf"
                    or ".nan"
                    or "inf"
                    or "nan"
                    or "infinity"
        )
        {
            problems.Add(
                "number.finite",
                path,
                scalar,
                $"{Expected(definition)} is expected; {scalar.Text} is not finite."
            );
            return null;
        }

        if (
            !scalar.Plain
            || !scalar.Text.Any(char.IsAsciiDigit)
            || !NumberForm().IsMatch(scalar.Text)
        )
        {
            problems.Add(
                "type.mismatch",
                path,
                scalar,
                $"{Expected(definition)} is expected, not {scalar.Kind}."
            );
            return null;
        }

        var value = double.Parse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            problems.Add(
                "number.finite",
                path,
                scalar,
                $"{Expected(definition)} is expected; {scalar.Text} is not finite."
            );
            return null;
        }

        if (value < definition.Min || value > definition.Max)
        {
            problems.Add(
                "range",
                path,
                scalar,
                $"{Expected(definition)} is expected, not {scalar.Text}."
            );
            return null;
        }

        return SettingValue.Of(value);
    }

    private SettingValue? Flag(string path, YamlScalar scalar, ParameterDefinition definition)
    {
        if (scalar.Plain && scalar.Text is "true" or "false")
        {
            return SettingValue.Of(scalar.Text == "true");
        }

        problems.Add(
            "type.mismatch",
            path,
            scalar,
            $"{Expected(definition)} is expected, not {scalar.Kind}.",
            ["true", "false"]
        );
        return null;
    }

    private SettingValue? Word(string path, YamlScalar scalar, ParameterDefinition definition)
    {
        if (definition.Choices is null || definition.Choices.Contains(scalar.Text))
        {
            return SettingValue.Of(scalar.Text);
        }

        problems.UnknownWord(
            $"{definition.Name}.unknown",
            path,
            scalar,
            definition.Name,
            scalar.Text,
            [.. definition.Choices]
        );
        return null;
    }

    private static string Expected(ParameterDefinition definition) =>
        definition.Kind switch
        {
            ParameterKind.Integer => $"A whole number{Bounds(definition)}",
            ParameterKind.Number => $"A number{Bounds(definition)}",
            ParameterKind.Flag => "true or false",
            _ => "A word",
        };

    private static string Bounds(ParameterDefinition definition) =>
        (definition.Min, definition.Max) switch
        {
            ({ } min, { } max) => string.Create(
                CultureInfo.InvariantCulture,
                $" from {Figure(min)} to {Figure(max)}"
            ),
            ({ } min, null) => string.Create(
                CultureInfo.InvariantCulture,
                $" of {Figure(min)} or more"
            ),
            (null, { } max) => string.Create(
                CultureInfo.InvariantCulture,
                $" of {Figure(max)} or less"
            ),
            _ => "",
        };

    private static string Figure(double bound) =>
        bound == Math.Truncate(bound) && Math.Abs(bound) < 1e15
            ? bound.ToString("#,0", CultureInfo.InvariantCulture)
            : bound.ToString("0.###e-0", CultureInfo.InvariantCulture);
}
