using System.Globalization;
using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Cli.Output;

/// <summary>How far a sweep is, in one line.</summary>
public static class ProgressText
{
    private const int Cells = 24;
    private static readonly string[] Ended = ["succeeded", "failed", "quarantined", "cancelled"];

    /// <summary>Trials that have ended.</summary>
    public static int Done(SweepSummary sweep) =>
        Ended.Sum(state => sweep.States.GetValueOrDefault(state));

    /// <summary>The line without a bar, for a log.</summary>
    public static string Line(SweepSummary sweep)
    {
        var states = sweep.States.Where(state => state.Value > 0 && state.Key != "succeeded");
        var counts = string.Concat(states.Select(state => $", {state.Value} {state.Key}"));
        // An estimate without an interval is not shown.
        var eta = sweep is { EndedAt: null, EtaSeconds: [var low, var high] }
            ? $", ETA {Format.Bounds(low, high)}"
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sweep.Sweep} {sweep.Name}: {Done(sweep)} of {sweep.TrialCount} done{counts}{eta}"
        );
    }

    /// <summary>The line with a bar, for a terminal.</summary>
    public static string Bar(SweepSummary sweep)
    {
        var share =
            sweep.TrialCount == 0 ? 0 : (Done(sweep) + sweep.RunningShare) / sweep.TrialCount;
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * Cells);
        return $"{new string('━', full)}{new string('╌', Cells - full)} {Line(sweep)}";
    }
}
