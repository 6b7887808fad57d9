using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Worker.Attempts;

/// <summary>What an attempt measured and nobody has taken yet. Taking and acknowledging are two steps, so nothing is lost between.</summary>
/// <param name="lease">The attempt.</param>
public sealed class AttemptBuffer(Lease lease)
{
    private const int MaxChunks = 64; // of one message
    private const int MaxLogLines = 500; // of one message
    private const int MaxHeld = 20_000; // chunks while a silo is away: about 5 million points

    private readonly Lock _gate = new();
    private readonly Queue<TrainerPoints> _points = new();
    private readonly Queue<TrainerProfile> _profiles = new();
    private int _sentLines;
    private (int Points, int Profiles, int Lines) _taken;

    /// <summary>Log lines.</summary>
    public AttemptLog Log { get; } = new();

    /// <summary>Whether everything was acknowledged.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _points.Count == 0
                    && _profiles.Count == 0
                    && Log.From(_sentLines).Count == 0;
            }
        }
    }

    /// <summary>Adds a chunk of a curve; beyond the bound the oldest chunks go first, never a profile or a result.</summary>
    public void Add(TrainerPoints points)
    {
        lock (_gate)
        {
            _points.Enqueue(points);
            if (_points.Count > MaxHeld)
            {
                _points.Dequeue();
                _taken = _taken with { Points = Math.Max(0, _taken.Points - 1) };
            }
        }
    }

    /// <summary>Adds a profile.</summary>
    public void Add(TrainerProfile profile)
    {
        lock (_gate)
        {
            _profiles.Enqueue(profile);
        }
    }

    /// <summary>The next message, or null when there is nothing to send.</summary>
    public AttemptData? Take()
    {
        lock (_gate)
        {
            var lines = Log.From(_sentLines).Take(MaxLogLines).ToList();
            _taken = (
                Math.Min(MaxChunks, _points.Count),
                Math.Min(MaxChunks, _profiles.Count),
                lines.Count
            );
            return _taken == default
                ? null
                : new AttemptData
                {
                    TrialId = lease.TrialId,
                    Token = lease.Token,
                    Points = [.. _points.Take(_taken.Points)],
                    Profiles = [.. _profiles.Take(_taken.Profiles)],
                    Log = lines,
                    FirstLogLine = _sentLines,
                };
        }
    }

    /// <summary>The last taken message is stored.</summary>
    public void Acknowledge()
    {
        lock (_gate)
        {
            for (var count = 0; count < _taken.Points; count++)
            {
                _points.Dequeue();
            }

            for (var count = 0; count < _taken.Profiles; count++)
            {
                _profiles.Dequeue();
            }

            _sentLines += _taken.Lines;
            _taken = default;
        }
    }

    /// <summary>The attempt is no longer current: nothing of it is wanted.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _points.Clear();
            _profiles.Clear();
            _sentLines = int.MaxValue / 2;
            _taken = default;
        }
    }
}
