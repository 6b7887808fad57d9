namespace Harness.Grains;

/// <summary>The database is away: nothing was changed, ask again (HTTP 503).</summary>
[GenerateSerializer]
[Alias("harness.database-unavailable")]
public sealed class DatabaseUnavailableException : Exception
{
    /// <summary>With the standard sentence.</summary>
    public DatabaseUnavailableException()
        : base("The database does not answer; nothing was changed, try again.") { }
}

/// <summary>A disk of the database runs full: nothing new is taken (HTTP 507).</summary>
[GenerateSerializer]
[Alias("harness.disk-low")]
public sealed class DiskLowException : Exception
{
    /// <summary>With the guard's sentence.</summary>
    /// <param name="sentence">Which disk, and what to do.</param>
    public DiskLowException(string sentence)
        : base(sentence) { }
}

/// <summary>A worker that the dispatcher does not know speaks: it is to join again (HTTP 409).</summary>
[GenerateSerializer]
[Alias("harness.worker-unknown")]
public sealed class WorkerUnknownException : Exception
{
    /// <summary>With the standard sentence.</summary>
    /// <param name="worker">Its id.</param>
    public WorkerUnknownException(string worker)
        : base($"The worker '{worker}' is not known here: join first.") { }
}

/// <summary>A request that cannot be right, with the reason (HTTP 400).</summary>
[GenerateSerializer]
[Alias("harness.worker-refused")]
public sealed class WorkerRefusedException : Exception
{
    /// <summary>With a sentence that says what to do.</summary>
    public WorkerRefusedException(string message)
        : base(message) { }
}

/// <summary>A claim for which this version has no experiment: the caller's version knows more claims (HTTP 503).</summary>
[GenerateSerializer]
[Alias("harness.claim-without-file")]
public sealed class ClaimWithoutFileException : Exception
{
    /// <summary>With the standard sentence.</summary>
    /// <param name="claim">Its id.</param>
    public ClaimWithoutFileException(string claim)
        : base($"The claim '{claim}' has no experiment yet in the silo's version.") { }
}

/// <summary>A key of a submit that was used for another one before (HTTP 409).</summary>
[GenerateSerializer]
[Alias("harness.idempotency-conflict")]
public sealed class IdempotencyConflictException : Exception
{
    /// <summary>With the standard sentence.</summary>
    /// <param name="hash">SHA-256 of what was submitted first.</param>
    public IdempotencyConflictException(string hash)
        : base(
            $"This Idempotency-Key was used for another submit before, of SHA-256 {hash}: take a new key for another sweep."
        ) { }
}
