using System.Globalization;

namespace Harness.Domain.Sweeps;

/// <summary>What is right in a sweep file and still looks like a slip.</summary>
public static class SpecWarnings
{
    private const double LargestUsualRate = 1;

    /// <summary>One sentence each; empty where nothing does.</summary>
    public static IReadOnlyList<string> Of(SweepSpec spec)
    {
        var largest = spec
            .Overrides.SelectMany(over => over.Set)
            .Concat(spec.Parameters)
            .Where(pair => pair.Key == "learning_rate")
            .SelectMany(pair =>
                pair.Value.Values.Select(value => value.Number)
                    .Append(pair.Value.Distribution?.Max ?? 0)
            )
            .Concat(
                spec.ListedTrials.Select(cell =>
                    cell.TryGetValue("learning_rate", out var rate) ? rate.Number : 0
                )
            )
            .DefaultIfEmpty()
            .Max();
        return largest > LargestUsualRate
            ?
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"learning_rate {largest:G4} is above {LargestUsualRate}: few models learn with it."
                ),
            ]
            : [];
    }
}
