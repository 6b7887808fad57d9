using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <summary>The waiting trials: higher priority first, then the older sweep, then the sweep's own order.</summary>
/// <remarks>Of a long sweep only a window is in memory; the table holds the rest.</remarks>
internal sealed class TrialQueue
{
    private readonly SortedDictionary<(int Priority, long Sweep), QueuedSweep> _order = [];
    private readonly Dictionary<long, QueuedSweep> _sweeps = [];

    // Where a trial waits: a place in each sweep that wants it.
    private readonly Dictionary<long, List<(long Sweep, int Position)>> _places = [];

    /// <summary>Live sweeps, first in turn first.</summary>
    public IEnumerable<QueuedSweep> Sweeps => _order.Values;

    /// <summary>Whether no trial waits.</summary>
    public bool IsEmpty => _places.Count == 0;

    /// <summary>The sweep, or null.</summary>
    public QueuedSweep? Find(long sweep) => _sweeps.GetValueOrDefault(sweep);

    /// <summary>A sweep takes its place in the order; one that is known takes the place of its present priority.</summary>
    public QueuedSweep Add(LiveSweep sweep)
    {
        if (!_sweeps.TryGetValue(sweep.Id, out var queued))
        {
            queued = new QueuedSweep(sweep);
            _sweeps.Add(sweep.Id, queued);
            _order.Add((-sweep.Priority, sweep.Id), queued);
        }
        else if (queued.Facts != sweep)
        {
            _order.Remove((-queued.Facts.Priority, sweep.Id));
            queued.Facts = sweep;
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
        if (!_sweeps.TryGetValue(trial.Sweep, out var queued))
        {
            return;
        }

        queued.Waiting[trial.Position] = trial;
        if (!_places.TryGetValue(trial.Trial, out var places))
        {
            _places.Add(trial.Trial, places = new(1));
        }

        if (!places.Contains((trial.Sweep, trial.Position)))
        {
            places.Add((trial.Sweep, trial.Position));
        }
    }

    /// <summary>A trial is leased: it leaves the queues of all sweeps that want it, which are returned.</summary>
    public IReadOnlyCollection<long> Take(long trial)
    {
        if (!_places.Remove(trial, out var places))
        {
            return [];
        }

        var sweeps = new long[places.Count];
        for (var i = 0; i < sweeps.Length; i++)
        {
            var (sweep, position) = places[i];
            _sweeps[sweep].Waiting.Remove(position);
            sweeps[i] = sweep;
        }

        return sweeps;
    }

    /// <summary>Empties it, as before a reload.</summary>
    public void Clear()
    {
        _order.Clear();
        _sweeps.Clear();
        _places.Clear();
    }

    private void Unlink(long trial, long sweep)
    {
        if (_places.TryGetValue(trial, out var places))
        {
            places.RemoveAll(place => place.Sweep == sweep);
            if (places.Count == 0)
            {
                _places.Remove(trial);
            }
        }
    }
}

/// <summary>A live sweep and the window of its waiting trials.</summary>
internal sealed class QueuedSweep(LiveSweep facts)
{
    /// <summary>The sweep.</summary>
    public LiveSweep Facts { get; set; } = facts;

    /// <summary>Waiting trials by position.</summary>
    public SortedDictionary<int, WaitingTrial> Waiting { get; } = [];

    /// <summary>Position up to which the table was read.</summary>
    public int ReadTo { get; set; } = -1;

    /// <summary>Whether the table has nothing behind the window.</summary>
    public bool IsRead => ReadTo >= Facts.TrialCount - 1;
}
