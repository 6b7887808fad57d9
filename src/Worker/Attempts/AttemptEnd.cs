using System.Globalization;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Worker.Attempts;

/// <summary>What is known of an attempt at its end, and what follows from it.</summary>
/// <param name="lease">The attempt.</param>
/// <param name="log">Its log, whose last lines stand behind a reason.</param>
public sealed class AttemptEnd(Lease lease, AttemptLog log)
{
    private const int SignalBase = 128;
    private const int Kill = 9;

    /// <summary>The trainer's last word: a result or a failure.</summary>
    public TrainerEvent? Last { get; set; }

    /// <summary>How the trainer broke the protocol.</summary>
    public string? Broken { get; set; }

    /// <summary>Why a silo refuses for good what the attempt measured.</summary>
    public string? Refused { get; set; }

    /// <summary>Counts the kernel's out-of-memory kills since the trainer began.</summary>
    public OutOfMemoryKills? Kills { get; set; }

    /// <summary>Facts of the trainer's runtime from its first line.</summary>
    public SortedDictionary<string, string>? Runtime { get; set; }

    /// <summary>What follows.</summary>
    /// <param name="exitCode">Of the trainer.</param>
    /// <param name="watch">Who watched it.</param>
    /// <param name="stoppedAs">As what the worker was told to stop it; null where it was not.</param>
    public Completion Judge(int exitCode, AttemptWatch watch, AttemptState? stoppedAs)
    {
        var completion = this switch
        {
            { Refused: { } refused } => Endings.Refused(Ended(AttemptState.Failed), refused),
            // Exceeding its own limit is what this trial measured.
            _ when watch.Oom => Completed(
                new TrainerResult(TrialOutcome.Oom, [], null, null, null)
            ),
            { Last: TrainerResult result } => Completed(result),
            _ when stoppedAs is { } state => Ended(state),
            { Last: TrainerFailure failure } => Failed(failure.Kind, failure.Message),
            { Broken: { } broken } => Failed(FailureKind.Protocol, broken),
            _ when watch.SaidNothing is { } silence => Failed(
                FailureKind.Crash,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The trainer said nothing for {silence.TotalSeconds:0.#} s and was ended."
                )
            ),
            _ => Failed(FailureKind.Crash, $"The trainer {How(exitCode)} without a result."),
        };
        return completion with
        {
            CpuSeconds =
                Last is TrainerResult ended
                && ended.Metrics.TryGetValue("cpu_seconds", out var seconds)
                    ? seconds
                    : watch.CpuSeconds,
        };
    }

    /// <summary>An attempt that failed, with the last lines of its log.</summary>
    public Completion Failed(FailureKind kind, string message)
    {
        var tail = log.Tail();
        return Ended(AttemptState.Failed) with
        {
            Failure = kind,
            Message = tail.Length == 0 ? message : $"{message}\n{tail}",
        };
    }

    private Completion Completed(TrainerResult result) =>
        Ended(AttemptState.Completed) with
        {
            Result = result,
        };

    private Completion Ended(AttemptState state) =>
        new()
        {
            TrialId = lease.TrialId,
            Token = lease.Token,
            State = state,
            Runtime = Runtime,
        };

    // The worker did not end it, or this would not be asked: whoever did, it is no result of the trial.
    private string How(int exitCode) =>
        exitCode == SignalBase + Kill && Kills is { Struck: true }
            ? "was ended by signal 9, and the kernel's out-of-memory killer struck in its control group: a neighbour or the container's limit, not the trial's own,"
        : exitCode > SignalBase ? $"was ended by signal {exitCode - SignalBase}"
        : $"ended with exit code {exitCode}";
}
