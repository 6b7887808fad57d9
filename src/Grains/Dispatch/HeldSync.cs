using Harness.Domain.Workers;

namespace Harness.Grains.Dispatch;

/// <summary>A worker's call that waits for its answer.</summary>
internal sealed class HeldSync(SyncRequest request, long since)
{
    private readonly TaskCompletionSource<SyncReply> _reply = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly List<Lease> _leases = [];
    private readonly SortedSet<long> _stop = [];

    /// <summary>What the worker said.</summary>
    public SyncRequest Request { get; } = request;

    /// <summary>Timestamp of its arrival.</summary>
    public long Since { get; } = since;

    /// <summary>Who asks.</summary>
    public string Worker => Request.WorkerId;

    /// <summary>The answer.</summary>
    public Task<SyncReply> Reply => _reply.Task;

    /// <summary>Whether there is something to say.</summary>
    public bool HasNews => _leases.Count > 0 || _stop.Count > 0 || Request.Completed.Count > 0;

    /// <summary>Says a lease.</summary>
    public void Give(Lease lease) => _leases.Add(lease);

    /// <summary>Says that an attempt is to be stopped.</summary>
    public void Stop(long token) => _stop.Add(token);

    /// <summary>Answers, when all that the worker said is committed.</summary>
    public void Answer() =>
        _reply.TrySetResult(
            new SyncReply
            {
                Leases = _leases,
                Stop = [.. _stop],
                Acknowledged = [.. Request.Completed.Select(completion => completion.Token)],
            }
        );

    /// <summary>Answers a call that a newer one of the same worker replaces, or that had nothing to wait for.</summary>
    public void Fail(Exception failure) => _reply.TrySetException(failure);
}
