using System.Text.RegularExpressions;
using Harness.Dashboard.Frame;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Dashboard.Sweeps;

/// <summary>Trials that ended alike, for the same reason.</summary>
/// <param name="Reason">The reason of the first.</param>
/// <param name="Chip">Their state or outcome.</param>
/// <param name="Trials">The trials.</param>
/// <param name="Cells">Where they stand, in words.</param>
/// <param name="IsResult">Whether it is a measured outcome, which nobody retries.</param>
public sealed record FailureCause(
    string Reason,
    Chip Chip,
    IReadOnlyList<TrialRow> Trials,
    string Cells,
    bool IsResult
);

/// <summary>Groups what went wrong by cause: a hundred trials with one fault are one line.</summary>
public static partial class FailureCauses
{
    /// <summary>The causes, failures first, the frequent before the rare.</summary>
    public static IReadOnlyList<FailureCause> Of(IReadOnlyList<TrialRow> trials) =>
        [
            .. trials
                .Where(trial => IsFailure(trial) || IsOutcome(trial))
                .GroupBy(trial => (Chip.Of(trial).Word, Key: Fingerprint(trial.Reason)))
                .Select(group => new FailureCause(
                    Reason(group.First()),
                    Chip.Of(group.First()),
                    [.. group],
                    Places([.. group]),
                    IsOutcome(group.First())
                ))
                .OrderBy(cause => cause.IsResult)
                .ThenByDescending(cause => cause.Trials.Count),
        ];

    private static bool IsFailure(TrialRow trial) =>
        trial.State is TrialState.Failed or TrialState.Quarantined;

    private static bool IsOutcome(TrialRow trial) =>
        trial is { State: TrialState.Succeeded, Outcome: not (null or TrialOutcome.Ok) };

    private static string Reason(TrialRow trial) =>
        trial.Reason
        ?? trial.Outcome switch
        {
            TrialOutcome.Diverged => "The loss is not finite.",
            TrialOutcome.Oom => "It exceeded its own memory limit.",
            TrialOutcome.Censored => "Its time cap was reached, so no accuracy is recorded.",
            TrialOutcome.EarlyStopped => "The sweep's rule stopped it.",
            _ => "No reason was recorded.",
        };

    /// <summary>The reason without its numbers: signal 11 at step 412 and at step 413 are one cause.</summary>
    private static string Fingerprint(string? reason) =>
        Numbers().Replace(reason?.Split('\n')[0] ?? "", "#");

    private static string Places(IReadOnlyList<TrialRow> trials)
    {
        var places = trials
            .GroupBy(trial => trial.Task)
            .Select(task =>
                $"{task.Key}: {string.Join(", ", task.Select(trial => trial.Model).Distinct())}"
            )
            .ToList();
        var workers = trials.Select(trial => trial.Worker).Distinct().ToList();
        return string.Join("; ", places)
            + (trials.Count > 1 && workers is [{ } worker] ? $", on {worker} only" : "");
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
