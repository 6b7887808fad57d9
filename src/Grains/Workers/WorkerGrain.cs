using Harness.Domain.Workers;
using Harness.Grains.Dispatch;
using Harness.Storage.Workers;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Harness.Grains.Workers;

/// <summary>Registers a worker and hands its news to the dispatcher.</summary>
/// <remarks>Reentrant, since a worker may speak again while its last call is held.</remarks>
[Reentrant]
internal sealed class WorkerGrain(WorkerStore store, IOptions<DispatchOptions> options)
    : Grain,
        IWorkerGrain
{
    private IDispatchGrain Dispatcher => GrainFactory.GetGrain<IDispatchGrain>(0);

    public async Task<JoinReply> JoinAsync(JoinRequest request)
    {
        WorkerBounds.Check(request);
        var database = await Outage.GuardAsync(() =>
            store.JoinAsync(request, CancellationToken.None)
        );
        await Dispatcher.JoinAsync(request);
        return new JoinReply(options.Value.LeaseSeconds, options.Value.BeatSeconds)
        {
            Store = database,
        };
    }

    public Task<SyncReply> SyncAsync(SyncRequest request) =>
        Dispatcher.SyncAsync(WorkerBounds.Check(request));
}
