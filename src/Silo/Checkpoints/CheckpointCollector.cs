using Harness.Storage.Checkpoints;
using Npgsql;

namespace Harness.Silo.Checkpoints;

/// <summary>Every minute: checkpoints of trials that have ended go, and files that no row names.</summary>
/// <param name="store">Which there are.</param>
/// <param name="blobs">Their bytes.</param>
/// <param name="logger">Log.</param>
internal sealed partial class CheckpointCollector(
    CheckpointStore store,
    BlobFolder blobs,
    ILogger<CheckpointCollector> logger
) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(10); // longer than a slow upload and its commit

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(stoppingToken))
            {
                await CollectAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task CollectAsync(CancellationToken cancellation)
    {
        try
        {
            await store.RemoveEndedAsync(cancellation);
            if (
                Directory.Exists(blobs.Path)
                && blobs.Collect(await store.HashesAsync(cancellation), Young) is > 0 and var gone
            )
            {
                LogCollected(gone);
            }
        }
        catch (Exception away)
            when (away is NpgsqlException or IOException or UnauthorizedAccessException)
        {
            LogLater(away.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "removed {Files} checkpoints that nobody needs any more")]
    private partial void LogCollected(int files);

    [LoggerMessage(LogLevel.Warning, "checkpoints are collected later: {Reason}")]
    private partial void LogLater(string reason);
}
