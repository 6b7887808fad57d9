using Harness.Domain.Metrics;

namespace Harness.Domain.Claims;

/// <summary>Parts of a verdict in words, the same on pages and in the terminal.</summary>
public static class VerdictWords
{
    private static readonly string[] Shown =
    [
        "width",
        "layers",
        "length",
        "lag",
        "batch",
        "kernel",
        "data_type",
        "threads",
        "steps",
    ];

    /// <summary>What was measured, and so where the verdict holds.</summary>
    public static string Scope(Verdict verdict) =>
        string.Join(
            "; ",
            new[]
            {
                $"{verdict.Scope.Device.ToUpperInvariant()}, {verdict.Scope.Hardware.Count} kind{(verdict.Scope.Hardware.Count == 1 ? "" : "s")} of hardware",
                $"{string.Join(", ", verdict.Scope.Models)} on {string.Join(", ", verdict.Scope.Tasks)}",
                string.Join(
                    ", ",
                    Shown
                        .Where(verdict.Scope.Settings.ContainsKey)
                        .Select(name => $"{name.Replace('_', ' ')} {verdict.Scope.Settings[name]}")
                ),
                $"seeds {verdict.Scope.Seeds}",
            }
        ) + ". No word on a GPU: none was measured.";

    /// <summary>The effect with its interval.</summary>
    public static string Effect(PartVerdict part) =>
        (part.Effect, part.Interval) switch
        {
            ({ } effect, { } interval) => Format.Interval(effect, interval.Low, interval.High),
            ({ } effect, null) => Format.Number(effect),
            _ => Format.Absent,
        };

    /// <summary>Both p with the level.</summary>
    public static string P(PartVerdict part) =>
        $"p for {Format.Number(part.PSupport)}, p against {Format.Number(part.PRefute)}; level {Band.Figure(part.Level)}";

    /// <summary>When it was decided.</summary>
    public static string Look(Verdict verdict) =>
        $"look {verdict.Look.Number} at {verdict.Look.Seeds} seeds an arm; {Words.Of(verdict.Profile)} profile, {verdict.Registration}";
}
