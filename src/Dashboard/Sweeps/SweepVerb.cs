using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Grains.Sweeps;

namespace Harness.Dashboard.Sweeps;

/// <summary>Something that a person may ask of a sweep: an address of the API and a button of its page.</summary>
/// <param name="Name">Last part of the address.</param>
/// <param name="Options">Flags that the address may have.</param>
/// <param name="Again">States in which asking is no fault, for it is done already.</param>
/// <param name="Refused">Why a sweep in another state cannot do it.</param>
/// <param name="Ask">Asks the sweep's grain.</param>
public sealed record SweepVerb(
    string Name,
    IReadOnlyList<string> Options,
    IReadOnlyList<SweepState> Again,
    Func<SweepState, string> Refused,
    Func<ISweepGrain, IReadOnlySet<string>, string, Task<SweepChanged>> Ask
)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SweepVerb> All { get; } =
    [
        new(
            "pause",
            [],
            [SweepState.Pausing, SweepState.Paused],
            state => $"is {Words.Of(state)}; only one that is queued or running can be paused",
            (sweep, _, by) => sweep.PauseAsync(by)
        ),
        new(
            "resume",
            [],
            [],
            state =>
                state == SweepState.Pausing
                    ? "is pausing still; resume it when it is paused"
                    : $"is {Words.Of(state)}; only one that is paused can be resumed",
            (sweep, _, by) => sweep.ResumeAsync(by)
        ),
        new(
            "cancel",
            [],
            [SweepState.Cancelling, SweepState.Cancelled],
            state => $"has ended ({Words.Of(state)}), so there is nothing to cancel",
            (sweep, _, by) => sweep.CancelAsync(by)
        ),
        new(
            "retry",
            ["failed", "lost"],
            [],
            state => $"is {Words.Of(state)}, so none of its trials can be tried again",
            (sweep, flags, by) => sweep.RetryAsync(States(flags), by)
        ),
    ];

    // A trial that infrastructure failed too often is quarantined: people call it lost. Neither named: both.
    private static TrialState[] States(IReadOnlySet<string> flags) =>
        flags.Count == 0
            ? [TrialState.Failed, TrialState.Quarantined]
            :
            [
                .. flags.Select(flag =>
                    flag == "failed" ? TrialState.Failed : TrialState.Quarantined
                ),
            ];
}
