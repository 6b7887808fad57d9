namespace Harness.Worker;

/// <summary>Reports how many slots are free, busy or draining.</summary>
/// <param name="slots">All of them.</param>
internal sealed class SlotMeter(int slots)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _told = new()
    {
        ["free"] = 0,
        ["busy"] = 0,
        ["draining"] = 0,
    };
    private bool _drains;

    /// <summary>So many run an attempt now.</summary>
    public void Busy(int busy)
    {
        lock (_gate)
        {
            Tell("free", _drains ? 0 : slots - busy);
            Tell("busy", _drains ? 0 : busy);
            Tell("draining", _drains ? busy : 0);
        }
    }

    /// <summary>The worker takes nothing more.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            _drains = true;
            Busy((int)_told["busy"]);
        }
    }

    private void Tell(string state, long now)
    {
        var change = now - _told[state];
        if (change != 0)
        {
            WorkerMeter.Slots.Add(change, new KeyValuePair<string, object?>("state", state));
            _told[state] = now;
        }
    }
}
