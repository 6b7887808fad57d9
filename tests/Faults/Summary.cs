using System.Globalization;
using System.Text;
using Harness.Storage.Invariants;

namespace Harness.Faults;

/// <summary>What a run did, and whether it proves something.</summary>
/// <param name="Seed">Of the plan.</param>
/// <param name="Length">How long faults came.</param>
/// <param name="Done">Faults that hit somebody.</param>
/// <param name="Cuts">Connections that were cut at a commit.</param>
/// <param name="Sweeps">Sweeps that were taken.</param>
/// <param name="Ended">Whether all of them ended.</param>
/// <param name="Evidence">What the history holds.</param>
/// <param name="Resumed">Attempts that went on from a checkpoint.</param>
/// <param name="Violations">Promises that do not hold.</param>
internal sealed record Summary(
    int Seed,
    TimeSpan Length,
    IReadOnlyDictionary<FaultKind, int> Done,
    int Cuts,
    int Sweeps,
    bool Ended,
    FaultEvidence Evidence,
    long Resumed,
    IReadOnlyList<Violation> Violations
)
{
    private static readonly TimeSpan Whole = TimeSpan.FromMinutes(30);

    /// <summary>Why the run counts for nothing, whatever it found; null: it counts.</summary>
    public string? Vacuous =>
        Done.Values.Sum() < Least(100) ? $"fewer than {Least(100)} faults hit somebody"
        : Evidence.Expired < Least(20) ? $"fewer than {Least(20)} leases expired"
        : Evidence.Fenced < Least(10) ? $"fewer than {Least(10)} late results were refused"
        : Cuts == 0 ? "no connection was cut at a commit"
        : Evidence.Completed == 0 ? "no trial was completed"
        : null;

    /// <summary>Whether it counts and found nothing.</summary>
    public bool Holds => Vacuous is null && Ended && Violations.Count == 0;

    /// <summary>For people.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) =>
            text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

        Line($"seed {Seed}, {Length.TotalMinutes:0.#} minutes of faults");
        Line($"faults: {Done.Values.Sum()}");
        foreach (var (kind, times) in Done.OrderBy(pair => pair.Key))
        {
            Line($"  {kind}: {times}");
        }

        Line($"sweeps: {Sweeps}, {(Ended ? "all of them ended" : "NOT ALL OF THEM ENDED")}");
        Line(
            $"history: {Evidence.Completed} results, {Evidence.Expired} expired leases, {Evidence.Fenced} refused late results, {Evidence.Crashed} crashes, {Evidence.Drained} drained, {Resumed} resumed, {Evidence.Periods} periods of the dispatcher in {Evidence.Epochs} epochs"
        );
        Line($"violations: {Violations.Count}");
        foreach (var violation in Violations)
        {
            Line($"  {violation.Invariant}: {violation.What}");
        }

        if (Vacuous is { } reason)
        {
            Line($"this run proves nothing: {reason}");
        }

        return text.ToString();
    }

    // In proportion to the length, of at least one.
    private int Least(int ofWhole) => Math.Max(1, (int)(ofWhole * (Length / Whole)));
}
