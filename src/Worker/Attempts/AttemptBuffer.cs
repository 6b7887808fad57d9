using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Worker.Attempts;

/// <summary>What an attempt measured and nobody has taken yet. Taking and acknowledging are two steps, so nothing is lost between.</summary>
/// <param name="lease">The attempt.</param>
public sealed class AttemptBuffer(Lease lease)
{
    private const int MaxValues = 100_000; // of one message: about 4 MB as text, and a silo takes 16
    private const int MaxChunks = 64; // of one message
    private const int MaxLogLines = 500; // of one message
    private const int MaxHeld = 20_000; // chunks while neither a silo nor the disk takes them: about 5 million points

    private readonly Lock _gate = new();
    private readonly Queue<TrainerPoints> _points = new();
    private readonly Queue<TrainerProfile> _profiles = new();
    private int _takenLines;
    private AttemptData? _taken;

    /// <summary>Log lines.</summary>
    public AttemptLog Log { get; } = new();

    /// <summary>Adds a chunk of a curve; beyond the bound the oldest chunk goes, never a profile or a result.</summary>
    /// <returns>Points that had to be dropped.</returns>
    public int Add(TrainerPoints points)
    {
        lock (_gate)
        {
            _points.Enqueue(points);
            return _points.Count > MaxHeld ? _points.Dequeue().Steps.Count : 0;
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

    /// <summary>
    /// The next message, or null when there is nothing to send. Until it is acknowledged it is the same again: one whose
    /// answer was lost is stored already, and is known by where it begins.
    /// </summary>
    public AttemptData? Take()
    {
        lock (_gate)
        {
            return _taken ??= Next();
        }
    }

    /// <summary>The last taken message is stored.</summary>
    public void Acknowledge()
    {
        lock (_gate)
        {
            _taken = null;
        }
    }

    /// <summary>All that is left, as messages.</summary>
    public Queue<AttemptData> Rest()
    {
        lock (_gate)
        {
            var rest = new Queue<AttemptData>();
            while ((_taken ?? Next()) is { } message)
            {
                rest.Enqueue(message);
                _taken = null;
            }

            return rest;
        }
    }

    /// <summary>The attempt is no longer current: nothing of it is wanted.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _points.Clear();
            _profiles.Clear();
            _takenLines = int.MaxValue / 2;
            _taken = null;
        }
    }

    private AttemptData? Next()
    {
        var room = MaxValues;
        var data = new AttemptData
        {
            TrialId = lease.TrialId,
            Token = lease.Token,
            Points = Some(_points, chunk => 3 * chunk.Steps.Count, ref room),
            Profiles = Some(_profiles, profile => 3 * profile.At.Count, ref room),
            Log = [.. Log.From(_takenLines).Take(MaxLogLines)],
            FirstLogLine = _takenLines,
        };
        _takenLines += data.Log.Count;
        return data.Points.Count + data.Profiles.Count + data.Log.Count == 0 ? null : data;
    }

    // At least one: a line of a trainer is bounded, so any one fits.
    private static List<T> Some<T>(Queue<T> from, Func<T, int> size, ref int room)
    {
        List<T> taken = [];
        while (
            taken.Count < MaxChunks
            && from.TryPeek(out var next)
            && (room > 0 && (taken.Count == 0 || size(next) <= room))
        )
        {
            room -= size(next);
            taken.Add(from.Dequeue());
        }

        return taken;
    }
}
