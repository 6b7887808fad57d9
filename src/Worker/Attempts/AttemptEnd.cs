using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Worker.Attempts;

/// <summary>What is known of an attempt at its end, and what follows from it.</summary>
/// <param name="lease">The attempt.</param>
/// <param name="log">Its log, whose last lines stand behind a reason.</param>
public sealed class AttemptEnd(Lease lease, AttemptLog log)
{
    /// <summary>The trainer's last word: a result or a failure.</summary>
    public TrainerEvent? Last { get; set; }

    /// <summary>How the trainer broke the protocol.</summary>
    public string? Broken { get; set; }

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
            // Exceeding its own limit is what this trial measured.
            _ when watch.Oom => Completed(
                new TrainerResult(TrialOutcome.Oom, [], null, null, null)
            ),
            { Last: TrainerResult result } => Completed(result),
            _ when stoppedAs is { } state => Ended(state),
            { Last: TrainerFailure failure } => Failed(failure.Kind, failure.Message),
            { Broken: { } broken } => Failed(FailureKind.Protocol, broken),
            _ => Failed(FailureKind.Crash, $"The trainer {How(exitCode)} without a result."),
        };
        return completion with
        {
            CpuSeconds =
                (Last as TrainerResult)?.Metrics.GetValueOrDefault("cpu_seconds")
                ?? watch.CpuSeconds,
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

    private static string How(int exitCode) =>
        exitCode > 128
            ? $"was ended by signal {exitCode - 128}"
            : $"ended with exit code {exitCode}";
}
