using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Training.Measure;

namespace Harness.Training;

/// <summary>Writes events, one a line; points of curves are gathered into chunks.</summary>
/// <param name="output">Where to; flushed after every event.</param>
public sealed class EventWriter(Stream output)
{
    private const int ChunkPoints = 256; // a stored row holds at most as many
    private const double ChunkSeconds = 1; // a page shows points at most this late
    private const double ProgressSeconds = 0.25;

    private readonly SortedDictionary<string, Chunk> _chunks = new(StringComparer.Ordinal);
    private double _lastProgress = double.NegativeInfinity;
    private TrainerProgress _progress = new(0, 0);

    private sealed record Chunk(List<int> Steps, List<double> Values, List<double> Seconds);

    /// <summary>Writes one event at once.</summary>
    public void Write(TrainerEvent happened)
    {
        JsonSerializer.Serialize(output, happened, DomainJson.Default.TrainerEvent);
        output.WriteByte((byte)'\n');
        output.Flush();
    }

    /// <summary>Adds a point to a metric's curve.</summary>
    public void Point(string metric, int step, double value)
    {
        if (!_chunks.TryGetValue(metric, out var chunk))
        {
            _chunks[metric] = chunk = new Chunk([], [], []);
        }

        chunk.Steps.Add(step);
        chunk.Values.Add(value);
        chunk.Seconds.Add(Math.Round(ProcessClock.Wall, 4));
        if (
            chunk.Steps.Count >= ChunkPoints
            || chunk.Seconds[^1] - chunk.Seconds[0] >= ChunkSeconds
        )
        {
            Flush();
        }
    }

    /// <summary>Says how far the training is, four times a second at most.</summary>
    public void Progress(int step, int steps)
    {
        _progress = new TrainerProgress(step, steps);
        if (step == steps || ProcessClock.Wall - _lastProgress >= ProgressSeconds)
        {
            _lastProgress = ProcessClock.Wall;
            Write(_progress);
        }
    }

    /// <summary>
    /// Says the same again: evaluation and probes take no step, and a trainer that says nothing for long is taken for one
    /// that hangs.
    /// </summary>
    public void Alive()
    {
        if (ProcessClock.Wall - _lastProgress >= ProgressSeconds)
        {
            _lastProgress = ProcessClock.Wall;
            Write(_progress);
        }
    }

    /// <summary>Writes all points that wait.</summary>
    public void Flush()
    {
        foreach (var (metric, chunk) in _chunks)
        {
            Write(new TrainerPoints(metric, chunk.Steps, chunk.Values, chunk.Seconds));
        }

        _chunks.Clear();
    }
}
