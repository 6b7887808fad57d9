namespace Harness.Training.Checkpoints;

/// <summary>How far a training is.</summary>
public sealed class TrainingState
{
    /// <summary>Steps done.</summary>
    public int Step => Losses.Count;

    /// <summary>Training loss of each step, in nats.</summary>
    public List<double> Losses { get; private init; } = [];

    /// <summary>Steps whose gradient was clipped.</summary>
    public int Clipped { get; set; }

    /// <summary>Seconds of training in the attempts before this one: the time cap of a trial counts them.</summary>
    public double SecondsBefore { get; private init; }

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="seconds">Seconds of training until now.</param>
    public void Write(BinaryWriter writer, double seconds)
    {
        writer.Write(seconds);
        writer.Write(Clipped);
        writer.Write(Losses.Count);
        Losses.ForEach(writer.Write);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="most">Steps that it may have done.</param>
    public static TrainingState Read(BinaryReader reader, int most)
    {
        var seconds = reader.ReadDouble();
        var clipped = reader.ReadInt32();
        var steps = reader.ReadInt32();
        if (steps < 1 || steps > most)
        {
            throw new CheckpointException($"says {steps} steps of {most}");
        }

        return new TrainingState
        {
            SecondsBefore = seconds,
            Clipped = clipped,
            Losses = [.. Enumerable.Range(0, steps).Select(_ => reader.ReadDouble())],
        };
    }
}
