using Harness.Domain.Workers;
using Npgsql;

namespace Harness.Storage.Metrics;

/// <summary>Takes in what attempts measure while they run: fenced by the token, and idempotent.</summary>
/// <param name="db">The silo's role.</param>
public sealed class MetricStore(NpgsqlDataSource db)
{
    /// <summary>Points that a row holds at most.</summary>
    public const int ChunkSize = 256;

    /// <summary>Appends the data of all attempts in one transaction and one round trip.</summary>
    /// <returns>Tokens whose data were refused: the attempt is no longer current, or the data are malformed.</returns>
    public async Task<IngestReply> AppendAsync(
        IngestRequest request,
        CancellationToken cancellation
    )
    {
        var refused = new SortedSet<long>(
            request.Attempts.Where(data => !IngestBounds.Hold(data)).Select(data => data.Token)
        );
        var sound = request.Attempts.Where(data => !refused.Contains(data.Token)).ToList();
        if (sound.Count > 0)
        {
            var current = await WriteAsync(new IngestColumns(sound), cancellation);
            refused.UnionWith(sound.Select(data => data.Token).Except(current));
        }

        return new IngestReply([.. refused]);
    }

    private async Task<List<long>> WriteAsync(IngestColumns columns, CancellationToken cancellation)
    {
        await using var batch = db.CreateBatch();
        batch.Add(IngestStatements.Tokens, columns.Attempts);
        Add(batch, IngestStatements.Chunks, columns.Chunks);
        Add(batch, IngestStatements.Last, columns.Last);
        Add(batch, IngestStatements.Profiles, columns.Profiles);
        Add(batch, IngestStatements.Logs, columns.Logs);
        batch.Add(IngestStatements.Notify, columns.Attempts);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var current = await reader.RowsAsync(row => row.GetInt64(0), cancellation);
        while (await reader.NextResultAsync(cancellation))
        {
            // A statement that failed behind the last rows says so only when it is reached.
        }

        return current;
    }

    private static void Add(NpgsqlBatch batch, string statement, object?[]? columns)
    {
        if (columns is not null)
        {
            batch.Add(statement, columns);
        }
    }
}
