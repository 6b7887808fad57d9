using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Worker.Silo;

namespace Harness.Worker.Attempts;

/// <summary>The checkpoints of one attempt: the one that it goes on from, and the newest that no silo has yet.</summary>
/// <param name="lease">The attempt.</param>
/// <param name="scratch">The worker's folder.</param>
/// <param name="client">The silo's checkpoints.</param>
public sealed class AttemptCheckpoints(Lease lease, string scratch, CheckpointClient client)
{
    private readonly string _folder = Path.Combine(scratch, $"checkpoint-{lease.Token}");
    private TrainerCheckpoint? _pending;

    /// <summary>What the trainer is told; null where the trial keeps none.</summary>
    public CheckpointFiles? Files =>
        lease.Resume is not null
        || (lease.Spec.Settings.TryGetValue("checkpoint_every", out var every) && every.Integer > 0)
            ? new(_folder, lease.Resume is null ? null : Path.Combine(_folder, "resume"))
            : null;

    /// <summary>The newest one that no silo has; null: none.</summary>
    public TrainerCheckpoint? Pending => Volatile.Read(ref _pending);

    /// <summary>Makes the folder, and fetches what the attempt goes on from; a silo that is away is waited for.</summary>
    /// <returns>Why it cannot go on from there, a sentence; null: it can.</returns>
    public async Task<string?> PrepareAsync(CancellationToken stop)
    {
        if (Files is not { } files)
        {
            return null;
        }

        Directory.CreateDirectory(_folder);
        string? reason = null;
        if (lease.Resume is { } checkpoint)
        {
            await new Patience(_ => { }).TryAsync(
                async () => reason = await client.GetAsync(checkpoint, files.Resume!, stop),
                stop
            );
        }

        return reason;
    }

    /// <summary>What is wrong with what a trainer says of one, a sentence without its end; null: nothing.</summary>
    public string? Fault(TrainerCheckpoint checkpoint) =>
        Path.GetDirectoryName(Path.GetFullPath(checkpoint.File)) != _folder
            ? $"The checkpoint {checkpoint.File} is not in the folder that the trainer was given"
        : checkpoint.Hash.Length != 64 || !checkpoint.Hash.All(char.IsAsciiHexDigitLower)
            ? "A checkpoint's hash has 64 hexadecimal digits"
        : checkpoint.Step < 1 ? "A checkpoint has a step of 1 or more"
        : null;

    /// <summary>The trainer has written one: an older one that still waits is of no use any more.</summary>
    public void Wrote(TrainerCheckpoint checkpoint)
    {
        if (Interlocked.Exchange(ref _pending, checkpoint) is { } older)
        {
            TryDelete(older.File);
        }
    }

    /// <summary>Brings the pending one to a silo, after all points of curves before it.</summary>
    /// <returns>Why it is not kept, a sentence; null: it is, or a newer one has taken its place.</returns>
    /// <exception cref="SiloAwayException">It is to be brought again.</exception>
    public async Task<string?> BringAsync(
        TrainerCheckpoint checkpoint,
        CancellationToken cancellation
    )
    {
        string? reason = null;
        try
        {
            reason = await client.PutAsync(
                lease,
                checkpoint.Step,
                checkpoint.Hash,
                checkpoint.File,
                cancellation
            );
        }
        catch (Exception replaced) when (replaced is IOException and not HttpIOException)
        {
            // A newer one took its place meanwhile.
        }

        if (Interlocked.CompareExchange(ref _pending, null, checkpoint) == checkpoint)
        {
            TryDelete(checkpoint.File);
        }

        return reason;
    }

    /// <summary>Removes the folder.</summary>
    public void Remove() => TrainerProcess.Remove(_folder);

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It goes with the folder.
        }
    }
}
