using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <summary>Workers, what they run, and what is left of their hosts. Five workers on one host share its cores and memory.</summary>
/// <remarks>All that a turn of the lane asks is kept up to date by each change, never counted anew.</remarks>
internal sealed class WorkerPool
{
    private readonly Dictionary<string, PooledWorker> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PooledHost> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, RunningAttempt> _attempts = [];
    private readonly Dictionary<long, HashSet<RunningAttempt>> _bySweep = [];
    private long _leases;

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
            Leave(worker);
            worker.Facts = facts;
            worker.Draining = false;
        }
        else
        {
            worker = new PooledWorker(facts);
            _workers.Add(facts.Id, worker);
            // Attempts may have been known before their worker was.
            foreach (var attempt in _attempts.Values.Where(a => a.Worker == facts.Id))
            {
                worker.Attempts.Add(attempt);
            }
        }

        Enter(worker);
    }

    /// <summary>Forgets all attempts, as before a reload.</summary>
    public void ForgetAttempts()
    {
        foreach (var token in _attempts.Keys.ToList())
        {
            End(token);
        }
    }

    /// <summary>An attempt takes its share.</summary>
    public void Add(RunningAttempt attempt)
    {
        End(attempt.Token);
        _attempts.Add(attempt.Token, attempt);
        foreach (var sweep in attempt.Sweeps)
        {
            if (!_bySweep.TryGetValue(sweep, out var running))
            {
                _bySweep.Add(sweep, running = []);
            }

            running.Add(attempt);
        }

        if (_workers.TryGetValue(attempt.Worker, out var worker))
        {
            worker.LastLease = ++_leases;
            worker.Attempts.Add(attempt);
            worker.Used += attempt.Need;
            worker.Host!.Used += attempt.Need;
        }
    }

    /// <summary>An attempt gives its share back.</summary>
    public RunningAttempt? End(long token)
    {
        if (!_attempts.Remove(token, out var attempt))
        {
            return null;
        }

        foreach (var sweep in attempt.Sweeps)
        {
            var running = _bySweep[sweep];
            running.Remove(attempt);
            if (running.Count == 0)
            {
                _bySweep.Remove(sweep);
            }
        }

        if (_workers.TryGetValue(attempt.Worker, out var worker) && worker.Attempts.Remove(attempt))
        {
            worker.Used -= attempt.Need;
            worker.Host!.Used -= attempt.Need;
        }

        return attempt;
    }

    /// <summary>Attempts of a worker.</summary>
    public IReadOnlyCollection<RunningAttempt> Of(string worker) =>
        _workers.TryGetValue(worker, out var known)
            ? known.Attempts
            : [.. _attempts.Values.Where(attempt => attempt.Worker == worker)];

    /// <summary>Attempts that a sweep counts among its running trials.</summary>
    public IReadOnlyCollection<RunningAttempt> Of(long sweep) =>
        _bySweep.TryGetValue(sweep, out var running) ? running : [];

    private void Enter(PooledWorker worker)
    {
        if (!_hosts.TryGetValue(worker.Facts.Host, out var host))
        {
            _hosts.Add(worker.Facts.Host, host = new PooledHost());
        }

        worker.Host = host;
        worker.Used = Share.None;
        foreach (var attempt in worker.Attempts)
        {
            worker.Used += attempt.Need;
        }

        host.Workers.Add(worker);
        host.Used += worker.Used;
    }

    private void Leave(PooledWorker worker)
    {
        var host = worker.Host!;
        host.Workers.Remove(worker);
        host.Used -= worker.Used;
        if (host.Workers.Count == 0)
        {
            _hosts.Remove(worker.Facts.Host);
        }
    }
}
