using System.Globalization;
using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <summary>Workers, and what is left of their hosts. Five workers on one host share its cores and memory.</summary>
internal sealed class WorkerPool
{
    private readonly Dictionary<string, PooledWorker> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, RunningAttempt> _attempts = [];
    private long _leases;

    /// <summary>Attempts that are leased or started.</summary>
    public IReadOnlyCollection<RunningAttempt> Attempts => _attempts.Values;

    /// <summary>All workers.</summary>
    public IReadOnlyCollection<PooledWorker> Workers => _workers.Values;

    /// <summary>The worker, or null when it has not joined.</summary>
    public PooledWorker? Find(string worker) => _workers.GetValueOrDefault(worker);

    /// <summary>The attempt, or null.</summary>
    public RunningAttempt? Attempt(long token) => _attempts.GetValueOrDefault(token);

    /// <summary>A worker joined or joined again.</summary>
    public void Join(KnownWorker facts)
    {
        if (_workers.TryGetValue(facts.Id, out var worker))
        {
            worker.Facts = facts;
            worker.Draining = false;
        }
        else
        {
            _workers.Add(facts.Id, new PooledWorker(facts));
        }
    }

    /// <summary>Forgets all attempts, as before a reload.</summary>
    public void ForgetAttempts() => _attempts.Clear();

    /// <summary>An attempt takes its share.</summary>
    public void Add(RunningAttempt attempt)
    {
        _attempts[attempt.Token] = attempt;
        if (_workers.TryGetValue(attempt.Worker, out var worker))
        {
            worker.LastLease = ++_leases;
        }
    }

    /// <summary>An attempt gives its share back.</summary>
    public RunningAttempt? End(long token) =>
        _attempts.Remove(token, out var attempt) ? attempt : null;

    /// <summary>Attempts of a worker.</summary>
    public IEnumerable<RunningAttempt> Of(string worker) =>
        _attempts.Values.Where(attempt => attempt.Worker == worker);

    /// <summary>What is free now, worker by worker and host by host.</summary>
    public Capacity Free() => new(_workers.Values, _attempts.Values);
}

/// <summary>A worker as the dispatcher knows it.</summary>
internal sealed class PooledWorker(KnownWorker facts)
{
    /// <summary>What it offers.</summary>
    public KnownWorker Facts { get; set; } = facts;

    /// <summary>Whether it takes nothing more.</summary>
    public bool Draining { get; set; }

    /// <summary>Grows with each lease of the pool: who waited longest has the least.</summary>
    public long LastLease { get; set; }

    /// <summary>Cores of its machine, where its hardware says so.</summary>
    public int HostCores => (int)Math.Min(int.MaxValue, Fact("cores", Facts.Cores));

    /// <summary>Memory of its machine, where its hardware says so.</summary>
    public long HostMemoryBytes => Math.Max(Facts.MemoryBytes, Fact("memory_gib", 0) << 30);

    private long Fact(string name, long offered) =>
        Facts.HardwareFacts.TryGetValue(name, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? Math.Max(value, offered)
            : offered;
}

/// <summary>Cores and memory that are left.</summary>
internal sealed class Capacity
{
    private readonly Dictionary<string, (int Cores, long Memory)> _workers;
    private readonly Dictionary<string, (int Cores, long Memory)> _hosts;

    public Capacity(IEnumerable<PooledWorker> workers, IReadOnlyCollection<RunningAttempt> attempts)
    {
        var pooled = workers.ToList();
        _workers = pooled.ToDictionary(
            worker => worker.Facts.Id,
            worker => (worker.Facts.Cores, worker.Facts.MemoryBytes)
        );
        // Workers of one host may each be limited to a part of it, or each name the whole of it.
        _hosts = pooled
            .GroupBy(worker => worker.Facts.Host)
            .ToDictionary(
                host => host.Key,
                host =>
                    (
                        host.Max(worker => worker.HostCores),
                        host.Max(worker => worker.HostMemoryBytes)
                    )
            );
        var hostOf = pooled.ToDictionary(worker => worker.Facts.Id, worker => worker.Facts.Host);
        foreach (var attempt in attempts)
        {
            if (hostOf.TryGetValue(attempt.Worker, out var host))
            {
                Take(attempt.Worker, host, attempt.Need);
            }
        }
    }

    /// <summary>Whether there is room now.</summary>
    public bool Fits(KnownWorker worker, Need need)
    {
        var (cores, memory) = _workers[worker.Id];
        var (hostCores, hostMemory) = _hosts[worker.Host];
        return cores >= need.Threads
            && hostCores >= need.Threads
            && memory >= need.MemoryBytes
            && hostMemory >= need.MemoryBytes;
    }

    /// <summary>Takes a share.</summary>
    public void Take(string worker, string host, Need need)
    {
        var (cores, memory) = _workers[worker];
        _workers[worker] = (cores - need.Threads, memory - need.MemoryBytes);
        var (hostCores, hostMemory) = _hosts[host];
        _hosts[host] = (hostCores - need.Threads, hostMemory - need.MemoryBytes);
    }
}
