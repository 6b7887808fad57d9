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
    /// <returns>Tokens whose data were refused, since the attempt is no longer current; and data that are malformed.</returns>
    public async Task<IngestReply> AppendAsync(
        IngestRequest request,
        CancellationToken cancellation
    )
    {
        var faults = request
            .Attempts.Select(data => new IngestFault(data.Token, DataBounds.Fault(data) ?? ""))
            .Where(fault => fault.Reason.Length > 0)
            .DistinctBy(fault => fault.Token)
            .ToDictionary(fault => fault.Token);
        var sound = request.Attempts.Where(data => !faults.ContainsKey(data.Token)).ToList();
        var current =
            sound.Count > 0 ? await WriteAsync(new IngestColumns(sound), cancellation) : [];
        return new IngestReply([.. sound.Select(data => data.Token).Except(current)])
        {
            Faults = faults.Count > 0 ? [.. faults.Values] : null,
        };
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
