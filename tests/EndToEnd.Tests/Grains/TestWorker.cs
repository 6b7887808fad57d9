using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains.Workers;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>A worker without trainers: the test says what its attempts do.</summary>
internal sealed class TestWorker(TestCluster cluster, JoinRequest facts)
{
    private readonly List<Completion> _completed = [];

    public TestWorker(TestCluster cluster, string id)
        : this(cluster, SomeTrials.Worker(id)) { }

    private IWorkerGrain Grain => cluster.Grains.GetGrain<IWorkerGrain>(facts.WorkerId);

    /// <summary>Attempts that it runs.</summary>
    public List<Lease> Running { get; } = [];

    /// <summary>Tokens that it was told to stop.</summary>
    public HashSet<long> Stopped { get; } = [];

    public Task<JoinReply> JoinAsync() => Grain.JoinAsync(facts);

    /// <summary>One call with everything that it has to say.</summary>
    public async Task<SyncReply> SyncAsync(int? freeSlots = null, bool draining = false)
    {
        var reply = await Grain.SyncAsync(
            new SyncRequest
            {
                WorkerId = facts.WorkerId,
                Completed = _completed.ToList(),
                Heartbeats = Running
                    .Select(lease => new Heartbeat(lease.TrialId, lease.Token, 1, Started: true))
                    .ToList(),
                FreeSlots = freeSlots ?? facts.Slots - Running.Count,
                Draining = draining,
            }
        );
        _completed.RemoveAll(completion => reply.Acknowledged.Contains(completion.Token));
        foreach (var token in reply.Stop)
        {
            Stopped.Add(token);
            Running.RemoveAll(lease => lease.Token == token);
        }

        foreach (var lease in reply.Leases.Where(lease => Running.All(r => r.Token != lease.Token)))
        {
            Running.Add(lease);
        }

        return reply;
    }

    /// <summary>An attempt ends; the next call says so.</summary>
    public void End(Completion completion)
    {
        Running.RemoveAll(lease => lease.Token == completion.Token);
        _completed.Add(completion);
    }

    /// <summary>Runs all that it gets, until it has nothing for a whole call.</summary>
    public Task WorkAsync() => WorkAsync(lease => SomeTrials.Completed(lease.TrialId, lease.Token));

    /// <summary>The same, with results of the test's choice.</summary>
    public async Task WorkAsync(Func<Lease, Completion> measure)
    {
        while (true)
        {
            await SyncAsync();
            if (Running.Count == 0)
            {
                return;
            }

            foreach (var lease in Running.ToList())
            {
                End(measure(lease));
            }
        }
    }
}
