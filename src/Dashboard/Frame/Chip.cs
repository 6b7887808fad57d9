using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Dashboard.Frame;

/// <summary>A state as icon, word and colour; the word alone is enough.</summary>
/// <param name="Icon">Id of the icon.</param>
/// <param name="Word">The word.</param>
/// <param name="Tone">Class of the colour, empty for idle.</param>
public sealed record Chip(string Icon, string Word, string Tone)
{
    /// <summary>State of a sweep.</summary>
    public static Chip Of(SweepState state) =>
        state switch
        {
            SweepState.Queued => new("wait", "queued", ""),
            SweepState.Running => new("run", "running", "busy"),
            SweepState.Pausing or SweepState.Paused => new("pause", Words.Of(state), "warn"),
            SweepState.Cancelling or SweepState.Cancelled => new("stop", Words.Of(state), ""),
            SweepState.Completed => new("check", "completed", "good"),
            _ => new("warn", "completed with failures", "warn"),
        };

    /// <summary>State of a trial, or the outcome of one that measured something other than a full run.</summary>
    public static Chip Of(TrialRow trial) =>
        (trial.State, trial.Outcome) switch
        {
            (TrialState.Succeeded, null or TrialOutcome.Ok) => new("check", "succeeded", "good"),
            (TrialState.Succeeded, { } outcome) => new("warn", Plain(Words.Of(outcome)), "warn"),
            (TrialState.Failed or TrialState.Quarantined, _) => new(
                "cross",
                Words.Of(trial.State),
                "bad"
            ),
            (TrialState.Running or TrialState.Leased, _) => new(
                "run",
                Words.Of(trial.State),
                "busy"
            ),
            (TrialState.Cancelled, _) => new("stop", "cancelled", ""),
            _ => new("wait", Plain(Words.Of(trial.State)), ""),
        };

    /// <summary>State of a worker.</summary>
    public static Chip OfWorker(string state) =>
        state switch
        {
            "ready" => new("check", state, "good"),
            "draining" => new("drain", state, "warn"),
            "lost" => new("warn", state, "bad"),
            _ => new("stop", state, ""),
        };

    /// <summary>A verdict.</summary>
    public static Chip OfVerdict(string verdict) =>
        verdict switch
        {
            "supported" => new("check", verdict, "good"),
            "refuted" => new("cross", verdict, "bad"),
            "inconclusive" => new("ask", verdict, ""),
            "running" => new("run", verdict, "busy"),
            _ => new("wait", Plain(verdict), ""),
        };

    /// <summary>A stored word as people write it: <c>retry_wait</c> is two words.</summary>
    private static string Plain(string word) => word.Replace('_', ' ');
}
