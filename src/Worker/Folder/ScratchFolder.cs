using Harness.Domain;

namespace Harness.Worker.Folder;

/// <summary>
/// A worker's folder, held while it runs: a second worker there would take the first one's trainers for leftovers.
/// </summary>
/// <remarks>
/// <c>attempt-TOKEN</c> and <c>standby-N</c>: where trainers work, each with the record of its process.
/// <c>checkpoint-TOKEN</c>: what an attempt goes on from, and what it has written. <c>spool</c>: what waits to be handed in. <c>answered</c>: how long ago a silo answered. <c>lock</c>: this.
/// </remarks>
public sealed class ScratchFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15); // longer than a drain of the one before
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _lock;

    private ScratchFolder(FileStream held) => _lock = held;

    /// <summary>Takes the folder, waiting for a worker that is leaving it, and clears it of what a dead one left.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="said">Told of each trainer that had to be ended.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<ScratchFolder> OpenAsync(
        string path,
        Action<string> said,
        CancellationToken cancellation
    )
    {
        var held = await HoldAsync(path, cancellation);
        try
        {
            await Leftovers.ClearAsync(path, said, cancellation);
            return new ScratchFolder(held);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static async Task<FileStream> HoldAsync(string path, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                Directory.CreateDirectory(path);
                // The kernel lets go of it however this process ends.
                return new FileStream(
                    Path.Combine(path, "lock"),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                );
            }
            catch (UnauthorizedAccessException cause)
            {
                throw new HarnessException(
                    $"This user cannot write to the worker's folder {path}: name another one in HARNESS_SCRATCH.",
                    HarnessException.Infrastructure,
                    cause
                );
            }
            catch (IOException cause)
            {
                if (limit.IsCancellationRequested)
                {
                    throw new HarnessException(
                        $"The worker's folder {path} cannot be taken ({cause.Message}): give each worker a HARNESS_SCRATCH of its own.",
                        HarnessException.Infrastructure,
                        cause
                    );
                }
            }

            await Task.Delay(Beat, cancellation);
        }
    }
}
