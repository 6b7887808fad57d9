using Harness.Domain.Trials;

namespace Harness.Dashboard.Sweeps;

/// <summary>Whether a sweep goes on.</summary>
public static class SweepEnd
{
    /// <summary>Whether nothing will change any more.</summary>
    public static bool IsReached(SweepState state) =>
        state is SweepState.Cancelled or SweepState.Completed or SweepState.CompletedWithFailures;
}
