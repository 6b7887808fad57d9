namespace Harness.Dashboard.Charts;

/// <summary>Names of ticks.</summary>
public static class Tick
{
    /// <summary>A tick is a round number: <c>32 MiB</c>, not <c>32.0 MiB</c>.</summary>
    public static string Short(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var (number, unit) = space < 0 ? (text, "") : (text[..space], text[space..]);
        var exponent = number.IndexOf('e', StringComparison.Ordinal);
        var (digits, power) =
            exponent < 0 ? (number, "") : (number[..exponent], number[exponent..]);
        return (
                digits.Contains('.', StringComparison.Ordinal)
                    ? digits.TrimEnd('0').TrimEnd('.')
                    : digits
            )
            + power
            + unit;
    }
}
