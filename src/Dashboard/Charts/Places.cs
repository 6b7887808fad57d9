using Harness.Domain.Metrics;

namespace Harness.Dashboard.Charts;

/// <summary>Values of a horizontal axis in words.</summary>
public static class Places
{
    /// <summary>Whole numbers exactly, others in three figures.</summary>
    public static string Name(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < 1e15
            ? Format.Count((long)value)
            : Format.Number(value);
}
