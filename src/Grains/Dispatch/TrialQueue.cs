using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <summary>The waiting trials: higher priority first, then the older sweep, then the sweep's own order.</summary>
/// <remarks>Of a long sweep only a window is in memory; the table holds the rest.</remarks>
internal sealed class TrialQueue
{
    private readonly SortedDictionary<(int Priority, long Sweep), QueuedSweep> _order = [];
    private readonly Dictionary<long, QueuedSweep> _sweeps = [];
    private readonly Dictionary<long, HashSet<long>> _sweepsOfTrial = [];

    /// <summary>Live sweeps, first in turn first.</summary>
    public IEnumerable<QueuedSweep> Sweeps => _order.Values;

    /// <summary>The sweep, or null.</summary>
    public QueuedSweep? Find(long sweep) => _sweeps.GetValueOrDefault(sweep);

    /// <summary>A sweep takes its place in the order.</summary>
    public QueuedSweep Add(LiveSweep sweep)
    {
        if (!_sweeps.TryGetValue(sweep.Id, out var queued))
        {
            queued = new QueuedSweep(sweep);
            _sweeps.Add(sweep.Id, queued);
            _order.Add((-sweep.Priority, sweep.Id), queued);
        }

        return queued;
    }

    /// <summary>A sweep leaves, with the trials that it alone wants.</summary>
    public void Remove(long sweep)
    {
        if (_sweeps.Remove(sweep, out var queued))
        {
            _order.Remove((-queued.Facts.Priority, sweep));
            foreach (var trial in queued.Waiting.Values)
            {
                Unlink(trial.Trial, sweep);
            }
        }
    }

    /// <summary>A trial waits, as one sweep wants it.</summary>
    public void Add(WaitingTrial trial)
    {
        if (_sweeps.TryGetValue(trial.Sweep, out var queued))
        {
            queued.Waiting[trial.Position] = trial;
            if (!_sweepsOfTrial.TryGetValue(trial.Trial, out var sweeps))
            {
                _sweepsOfTrial.Add(trial.Trial, sweeps = []);
            }

            sweeps.Add(trial.Sweep);
        }
    }

    /// <summary>A trial is leased: it leaves the queues of all sweeps that want it, which are returned.</summary>
    public HashSet<long> Take(long trial)
    {
        if (!_sweepsOfTrial.Remove(trial, out var sweeps))
        {
            return [];
        }

        foreach (var sweep in sweeps)
        {
            var waiting = _sweeps[sweep].Waiting;
            foreach (var (position, _) in waiting.Where(pair => pair.Value.Trial == trial).ToList())
            {
                waiting.Remove(position);
            }
        }

        return sweeps;
    }

    /// <summary>Empties it, as before a reload.</summary>
    public void Clear()
    {
        _order.Clear();
        _sweeps.Clear();
        _sweepsOfTrial.Clear();
    }

    private void Unlink(long trial, long sweep)
    {
        if (_sweepsOfTrial.TryGetValue(trial, out var sweeps))
        {
            sweeps.Remove(sweep);
            if (sweeps.Count == 0)
            {
                _sweepsOfTrial.Remove(trial);
            }
        }
    }
}

/// <summary>A live sweep and the window of its waiting trials.</summary>
internal sealed class QueuedSweep(LiveSweep facts)
{
    /// <summary>The sweep.</summary>
    public LiveSweep Facts { get; } = facts;

    /// <summary>Waiting trials by position.</summary>
    public SortedDictionary<int, WaitingTrial> Waiting { get; } = [];

    /// <summary>Position up to which the table was read.</summary>
    public int ReadTo { get; set; } = -1;

    /// <summary>Whether the table has nothing behind the window.</summary>
    public bool Exhausted { get; set; }
}
