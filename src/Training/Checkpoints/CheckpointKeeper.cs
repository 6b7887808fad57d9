using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Harness.Domain.Trials;
using Harness.Training.Models;
using TorchSharp.Modules;

namespace Harness.Training.Checkpoints;

/// <summary>
/// Writes a trial's checkpoints: after every so many steps, and once more when the trainer is asked to end, so that a
/// worker which drains loses no step.
/// </summary>
/// <param name="spec">The trial.</param>
/// <param name="files">Where they go; null: none is kept.</param>
/// <param name="events">Where each is told.</param>
public sealed class CheckpointKeeper(TrialSpec spec, CheckpointFiles? files, EventWriter events)
{
    private readonly int _every = files is null ? 0 : spec.Integer("checkpoint_every");
    private volatile bool _asked;

    /// <summary>Whether the trial goes on from one.</summary>
    public bool Resumes => files?.Resume is not null;

    /// <summary>While this lives, the order to end is obeyed after the step that runs, and not at once.</summary>
    public IDisposable? Hold() =>
        _every == 0
            ? null
            : PosixSignalRegistration.Create(
                PosixSignal.SIGTERM,
                order =>
                {
                    order.Cancel = true;
                    _asked = true;
                }
            );

    /// <summary>Where the training begins: as it was left, or at its first step.</summary>
    public TrainingState Begin(SequenceModel model, OptimizerHelper optimizer)
    {
        if (files?.Resume is not { } path)
        {
            return new TrainingState();
        }

        using var input = Open(path);
        return Checkpoint.Read(input, spec, model, optimizer);
    }

    /// <summary>After a step: writes one where it is due.</summary>
    /// <param name="state">How far the training is.</param>
    /// <param name="seconds">Seconds of training until now.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="optimizer">Its optimizer.</param>
    /// <returns>Whether one was written.</returns>
    /// <exception cref="AskedToEndException">The trainer was asked to end; its state is kept.</exception>
    public bool Step(
        TrainingState state,
        double seconds,
        SequenceModel model,
        OptimizerHelper optimizer
    )
    {
        if (_every == 0 || (state.Step % _every != 0 && !_asked))
        {
            return false;
        }

        TrainerTrace.Span("checkpoint", () => Write(state, seconds, model, optimizer));
        return _asked ? throw new AskedToEndException() : true;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"cannot be read: {missing.Message}");
        }
    }

    // Aside, synced, renamed: whoever is told of a file finds it whole.
    private void Write(
        TrainingState state,
        double seconds,
        SequenceModel model,
        OptimizerHelper optimizer
    )
    {
        var path = Path.Combine(files!.Folder, $"step-{state.Step}");
        var aside = $"{path}.new";
        byte[] hash;
        using (var file = File.Create(aside))
        {
            Checkpoint.Write(file, spec, state, seconds, model, optimizer);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            hash = SHA256.HashData(file);
        }

        File.Move(aside, path, overwrite: true);
        events.Flush(); // a reader's curve up to this step must not depend on what follows
        events.Write(new TrainerCheckpoint(state.Step, path, Convert.ToHexStringLower(hash)));
    }
}

/// <summary>The trainer was asked to end, and its state is kept: no result follows.</summary>
public sealed class AskedToEndException : Exception;
