using Harness.Domain.Metrics;

namespace Harness.Dashboard.Frame;

/// <summary>Counts with their noun.</summary>
public static class Plural
{
    /// <summary><c>1 trial</c>, <c>1,024 trials</c>.</summary>
    public static string Of(int count, string noun) =>
        $"{Format.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
