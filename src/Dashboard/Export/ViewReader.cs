using Npgsql;

namespace Harness.Dashboard.Export;

/// <summary>Reads a whole view in one consistent state, row by row.</summary>
public sealed class ViewReader(NpgsqlDataSource db)
{
    /// <summary>Calls <paramref name="read"/> with the open rows.</summary>
    public async Task ReadAsync(
        Dataset dataset,
        long? sweep,
        Func<NpgsqlDataReader, Task> read,
        CancellationToken cancellation
    )
    {
        await using var connection = await db.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead,
            cancellation
        );
        // The reading role stops after seconds, which is for pages: a reader of a large file may take its time.
        await using (
            var patience = new NpgsqlCommand(
                "set local statement_timeout = 0; set transaction read only",
                connection,
                transaction
            )
        )
        {
            await patience.ExecuteNonQueryAsync(cancellation);
        }

        await using var command = new NpgsqlCommand(
            dataset.Sql(sweep is not null),
            connection,
            transaction
        )
        {
            CommandTimeout = 0,
        };
        if (sweep is { } id)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = id });
        }

        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await read(rows);
    }
}
