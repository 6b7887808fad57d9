using Harness.Domain.Trials;

namespace Harness.Domain.Api;

/// <summary>Why a trial stands where it stands: <c>explain T-7</c>.</summary>
public sealed record TrialExplanation
{
    /// <summary>The trial.</summary>
    public required string Trial { get; init; }

    /// <summary>Its state.</summary>
    public required TrialState State { get; init; }

    /// <summary>What holds it, or what it has come to: sentences, the most important one first.</summary>
    public required IReadOnlyList<string> Because { get; init; }

    /// <summary>Of a trial that waits: why each worker does not run it now.</summary>
    public IReadOnlyList<WorkerReason> Workers { get; init; } = [];
}

/// <summary>Why a worker does not run a trial now.</summary>
/// <param name="Worker">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Host">Its machine.</param>
/// <param name="Reason">A sentence without its subject and its end.</param>
public sealed record WorkerReason(string Worker, string Name, string Host, string Reason);
