using System.Text.Json.Serialization;

namespace Harness.Domain.Trials;

/// <summary>Life of a sweep.</summary>
[JsonConverter(typeof(WordConverter<SweepState>))]
public enum SweepState
{
    /// <summary>Stored, no trial leased yet.</summary>
    Queued,

    /// <summary>Trials are leased.</summary>
    Running,

    /// <summary>No new leases; running trials are handed back.</summary>
    Pausing,

    /// <summary>Nothing runs; waits for a resume.</summary>
    Paused,

    /// <summary>Asked to stop; trainers are being ended.</summary>
    Cancelling,

    /// <summary>Ended by a person.</summary>
    Cancelled,

    /// <summary>Every trial succeeded.</summary>
    Completed,

    /// <summary>Ended; some trials failed or are quarantined.</summary>
    CompletedWithFailures,
}

/// <summary>Life of a trial.</summary>
[JsonConverter(typeof(WordConverter<TrialState>))]
public enum TrialState
{
    /// <summary>Waits for a worker.</summary>
    Pending,

    /// <summary>Given to a worker that has not begun.</summary>
    Leased,

    /// <summary>Its trainer runs.</summary>
    Running,

    /// <summary>Waits between two counted tries.</summary>
    RetryWait,

    /// <summary>Has its one result.</summary>
    Succeeded,

    /// <summary>Its job failed and the retries are spent.</summary>
    Failed,

    /// <summary>Infrastructure failed it too often.</summary>
    Quarantined,

    /// <summary>No live sweep wants it.</summary>
    Cancelled,
}

/// <summary>What a succeeded trial measured. Diverging and running out of its own memory are results.</summary>
[JsonConverter(typeof(WordConverter<TrialOutcome>))]
public enum TrialOutcome
{
    /// <summary>Trained to its budget.</summary>
    Ok,

    /// <summary>The loss became infinite or not a number.</summary>
    Diverged,

    /// <summary>Exceeded its own memory limit.</summary>
    Oom,

    /// <summary>Stopped by the sweep's rule.</summary>
    EarlyStopped,

    /// <summary>The time cap was reached: no accuracy.</summary>
    Censored,
}

/// <summary>Life of an attempt.</summary>
[JsonConverter(typeof(WordConverter<AttemptState>))]
public enum AttemptState
{
    /// <summary>Given to a worker.</summary>
    Leased,

    /// <summary>Its trainer runs.</summary>
    Started,

    /// <summary>Its result was accepted.</summary>
    Completed,

    /// <summary>Its job or its process failed.</summary>
    Failed,

    /// <summary>Its lease expired.</summary>
    Lost,

    /// <summary>Its result came after the lease had passed to another: kept as an observation.</summary>
    Fenced,

    /// <summary>Ended with its sweep.</summary>
    Cancelled,

    /// <summary>Handed back: its worker stops, or its sweep was paused.</summary>
    Drained,
}

/// <summary>Why an attempt failed.</summary>
[JsonConverter(typeof(WordConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>The trainer reported an error of the job.</summary>
    Job,

    /// <summary>The trainer was ended by a signal or an exit code that the worker did not cause.</summary>
    Crash,

    /// <summary>The trainer broke the protocol.</summary>
    Protocol,

    /// <summary>The trainer could not be started.</summary>
    Start,

    /// <summary>A data file is missing or is not the catalogued one.</summary>
    Data,

    /// <summary>No room on the worker's disk.</summary>
    DiskFull,

    /// <summary>The checkpoint from which it was to go on is not there, or is not what was stored.</summary>
    Checkpoint,
}
