namespace Harness.Training.Tests.Reference;

/// <summary>How far two sets of tensors are apart, each tensor relative to its own norm.</summary>
internal static class Difference
{
    private const double SmallestNorm = 1e-6; // below it a tensor would prove nothing

    /// <summary>One sentence for each tensor that is missing, without weight, or too far off.</summary>
    public static IReadOnlyList<string> Between(
        IReadOnlyDictionary<string, double[]> ours,
        IReadOnlyDictionary<string, double[]> theirs,
        double tolerance
    ) =>
        [
            .. ours
                .Keys.Union(theirs.Keys)
                .Order(StringComparer.Ordinal)
                .Select(name => Of(name, ours, theirs, tolerance))
                .OfType<string>(),
        ];

    private static string? Of(
        string name,
        IReadOnlyDictionary<string, double[]> ours,
        IReadOnlyDictionary<string, double[]> theirs,
        double tolerance
    )
    {
        if (
            !ours.TryGetValue(name, out var own)
            || !theirs.TryGetValue(name, out var other)
            || own.Length != other.Length
        )
        {
            return $"{name}: only one side has it, or in another size";
        }

        var (norm, distance) = (Norm(other), Norm(own.Zip(other, (a, b) => a - b)));
        // Written so that a NaN on either side is no agreement.
        return !(norm >= SmallestNorm) ? $"{name}: norm {norm:g3} proves nothing"
            : !(distance <= tolerance * norm)
                ? $"{name}: relative distance {distance / norm:g3} above {tolerance:g3}"
            : null;
    }

    private static double Norm(IEnumerable<double> values) =>
        Math.Sqrt(values.Sum(value => value * value));
}
