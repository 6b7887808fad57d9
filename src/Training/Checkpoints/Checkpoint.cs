using System.Text;
using Harness.Domain.Trials;
using Harness.Training.Models;
using TorchSharp.Modules;

namespace Harness.Training.Checkpoints;

/// <summary>
/// All that a training needs to go on as if it had never stopped: parameters, the optimizer's state, and how far it is.
/// No generator is part of it: every draw is a pure function of seed, stream and step (<see cref="RandomKey"/>).
/// </summary>
/// <remarks>
/// A file begins with a line of its form and one with the trial's identity: settings that would give other numbers are
/// refused before a tensor is read. Its hash is checked by whoever brings it.
/// </remarks>
internal static class Checkpoint
{
    private const string Form = "harness checkpoint 1";

    /// <summary>Writes it.</summary>
    public static void Write(
        Stream output,
        TrialSpec spec,
        TrainingState state,
        double seconds,
        SequenceModel model,
        OptimizerHelper optimizer
    )
    {
        using var writer = new BinaryWriter(output, Encoding.UTF8, leaveOpen: true);
        writer.Write(Form);
        writer.Write(spec.Identity());
        state.Write(writer, seconds);
        model.save(writer);
        optimizer.save_state_dict(writer);
    }

    /// <summary>Reads it into a model and its optimizer.</summary>
    /// <exception cref="CheckpointException">It is not one of this trial, or not whole.</exception>
    public static TrainingState Read(
        Stream input,
        TrialSpec spec,
        SequenceModel model,
        OptimizerHelper optimizer
    )
    {
        try
        {
            using var reader = new BinaryReader(input, Encoding.UTF8, leaveOpen: true);
            if (reader.ReadString() != Form)
            {
                throw new CheckpointException("is of another form");
            }

            if (reader.ReadString() != spec.Identity())
            {
                throw new CheckpointException("is another trial's");
            }

            var state = TrainingState.Read(reader, spec.Integer("steps"));
            model.load(reader);
            optimizer.load_state_dict(reader);
            return state;
        }
        catch (Exception damaged) when (damaged is not CheckpointException)
        {
            // Whatever the library finds wrong with what it reads, the file is to blame.
            throw new CheckpointException($"cannot be read: {damaged.Message.Split('\n')[0]}");
        }
    }
}

/// <summary>The checkpoint from which a trial was to go on is not one of it.</summary>
/// <param name="what">What is wrong with it, a sentence without its subject and its end.</param>
internal sealed class CheckpointException(string what) : Exception($"The checkpoint {what}.");
