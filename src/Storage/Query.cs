using System.Runtime.CompilerServices;
using Npgsql;

namespace Harness.Storage;

/// <summary>The few lines around a statement with positional parameters.</summary>
internal static class Query
{
    /// <summary>A command with <c>$1</c>, <c>$2</c>, …; null becomes SQL's null, so give such a parameter a cast.</summary>
    public static NpgsqlCommand Statement(
        this NpgsqlDataSource db,
        string text,
        params object?[] values
    )
    {
        var command = db.CreateCommand(text);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>The same on an open connection, inside its transaction.</summary>
    public static NpgsqlCommand Statement(
        this NpgsqlConnection connection,
        string text,
        params object?[] values
    )
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>The same for a batch.</summary>
    public static void Add(this NpgsqlBatch batch, string text, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        batch.BatchCommands.Add(command);
    }

    /// <summary>All rows.</summary>
    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlCommand command,
        Func<NpgsqlDataReader, T> map,
        CancellationToken cancellation
    )
    {
        var rows = new List<T>();
        await foreach (var row in command.StreamAsync(map, cancellation))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>All rows, one by one.</summary>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        this NpgsqlCommand command,
        Func<NpgsqlDataReader, T> map,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                yield return map(reader);
            }
        }
    }

    /// <summary>The rows of the batch's next statement.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this NpgsqlDataReader reader,
        Func<NpgsqlDataReader, T> map,
        CancellationToken cancellation
    )
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(map(reader));
        }

        await reader.NextResultAsync(cancellation);
        return rows;
    }

    /// <summary>The value, or null for SQL's null.</summary>
    public static T? Nullable<T>(this NpgsqlDataReader reader, string column)
        where T : struct
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<T>(ordinal);
    }

    /// <summary>The text, or null for SQL's null.</summary>
    public static string? Text(this NpgsqlDataReader reader, string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
    }

    /// <summary>The value of a column that is never null.</summary>
    public static T Get<T>(this NpgsqlDataReader reader, string column) =>
        reader.GetFieldValue<T>(reader.GetOrdinal(column));
}
