using System.Globalization;

namespace Harness.Domain.Claims;

/// <summary>A range of a metric: from a bound to a bound, or all that lies outside two.</summary>
public sealed record Band
{
    /// <summary>Least value inside, or null.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Greatest value inside, or null.</summary>
    public double? AtMost { get; init; }

    /// <summary>Values less than this are inside; or null.</summary>
    public double? Below { get; init; }

    /// <summary>Values greater than this are inside; or null.</summary>
    public double? Above { get; init; }

    /// <summary>Whether it is the outside of two bounds.</summary>
    public bool Outside => Below is not null || Above is not null;

    /// <summary>Whether the value lies in it; what is no number lies nowhere.</summary>
    public bool Holds(double value) =>
        !double.IsNaN(value)
        && (
            Outside
                ? value < Below || value > Above
                : value >= (AtLeast ?? double.NegativeInfinity)
                    && value <= (AtMost ?? double.PositiveInfinity)
        );

    /// <summary>Whether some value lies in both.</summary>
    public bool Overlaps(Band other) =>
        Edges().Concat(other.Edges()).Any(value => Holds(value) && other.Holds(value));

    /// <summary>In words: <c>at most 0.05</c>, <c>0.9 to 1.1</c>, <c>below 0.8 or above 1.2</c>.</summary>
    public override string ToString() =>
        (AtLeast, AtMost, Below, Above) switch
        {
            ({ } low, { } high, _, _) => $"{Figure(low)} to {Figure(high)}",
            ({ } low, null, _, _) => $"at least {Figure(low)}",
            (null, { } high, _, _) => $"at most {Figure(high)}",
            (_, _, { } low, { } high) => $"below {Figure(low)} or above {Figure(high)}",
            (_, _, { } low, null) => $"below {Figure(low)}",
            (_, _, null, { } high) => $"above {Figure(high)}",
            _ => "anything",
        };

    /// <summary>A number as people write it: <c>0.00025</c>, <c>1e-10</c>.</summary>
    public static string Figure(double value) =>
        value == 0 || Math.Abs(value) is >= 1e-5 and < 1e7 || !double.IsFinite(value)
            ? value.ToString("0.##########", CultureInfo.InvariantCulture)
            : value.ToString("0.###e0", CultureInfo.InvariantCulture);

    // A common value of two bands, where there is one, lies on an edge, just beside one, or at an end of the line.
    private IEnumerable<double> Edges() =>
        new[] { AtLeast, AtMost, Below, Above }
            .OfType<double>()
            .SelectMany(edge => new[] { Math.BitDecrement(edge), edge, Math.BitIncrement(edge) })
            .Concat([double.MinValue, double.MaxValue]);
}
