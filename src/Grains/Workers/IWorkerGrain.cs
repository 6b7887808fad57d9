using Harness.Domain.Workers;

namespace Harness.Grains.Workers;

/// <summary>Registration and liveness of one worker. Its key is the worker's id.</summary>
[Alias("harness.worker")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Registers the worker, its host and hardware; idempotent.</summary>
    [Alias("join")]
    [ResponseTimeout("00:00:10")]
    Task<JoinReply> JoinAsync(JoinRequest request);

    /// <summary>Heartbeats, completions and leases; held up to 4 s when there is nothing to say.</summary>
    [Alias("sync")]
    [ResponseTimeout("00:00:10")]
    Task<SyncReply> SyncAsync(SyncRequest request);
}
