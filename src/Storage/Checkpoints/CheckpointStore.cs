using Npgsql;

namespace Harness.Storage.Checkpoints;

/// <summary>Which checkpoints there are: fenced by the token like all that attempts bring.</summary>
/// <param name="db">The silo's role.</param>
public sealed class CheckpointStore(NpgsqlDataSource db)
{
    /// <summary>Checkpoints that are kept of a trial: the newest, and one more in case it cannot be read.</summary>
    public const int Kept = 2;

    /// <summary>Before the bytes are taken.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="token">The attempt.</param>
    /// <param name="hash">Of the bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether the attempt is current, and how many bytes all other checkpoints have.</returns>
    public async Task<(bool Current, long Others)> LookAsync(
        long trial,
        long token,
        string hash,
        CancellationToken cancellation
    )
    {
        var rows = await db.Statement(CheckpointStatements.Look, trial, token, hash)
            .ListAsync(row => (row.GetBoolean(0), row.GetInt64(1)), cancellation);
        return rows[0];
    }

    /// <summary>Once the bytes are on disk. Older ones of the trial go.</summary>
    /// <returns>Whether it is stored; else the attempt is no longer current.</returns>
    public async Task<bool> AddAsync(
        long trial,
        long token,
        int step,
        string hash,
        long bytes,
        CancellationToken cancellation
    )
    {
        await using var batch = db.CreateBatch();
        batch.Add(CheckpointStatements.Add, trial, token, step, hash, bytes);
        batch.Add(CheckpointStatements.Prune, trial, Kept);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var stored = await reader.RowsAsync(row => row.GetInt64(0), cancellation);
        await reader.NextResultAsync(cancellation);
        return stored.Count > 0;
    }

    /// <summary>Forgets those of trials that have ended.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RemoveEndedAsync(CancellationToken cancellation)
    {
        await using var remove = db.Statement(CheckpointStatements.RemoveEnded);
        return await remove.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Hashes of all.</summary>
    public async Task<IReadOnlySet<string>> HashesAsync(CancellationToken cancellation) =>
        (
            await db.Statement("select distinct hash from checkpoint")
                .ListAsync(row => row.GetString(0), cancellation)
        ).ToHashSet(StringComparer.Ordinal);
}
