using Harness.Storage;
using Npgsql;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>A database of one test class, seen as each role.</summary>
public sealed class TestDatabase(string ownerConnection) : IAsyncDisposable
{
    /// <summary>As its owner.</summary>
    public NpgsqlDataSource Owner { get; } = Database.Open(ownerConnection, null);

    /// <summary>As a silo.</summary>
    public NpgsqlDataSource Silo { get; } =
        Database.Open(As(ownerConnection, "harness_silo"), PostgresFixture.Passwords.Silo);

    /// <summary>As a reader of the public views.</summary>
    public NpgsqlDataSource Read { get; } =
        Database.Open(As(ownerConnection, "harness_read"), PostgresFixture.Passwords.Read);

    /// <summary>Connection string of its owner.</summary>
    public string OwnerConnection => ownerConnection;

    /// <summary>One value, as the owner.</summary>
    public async Task<T> ScalarAsync<T>(string query, params object[] values)
    {
        await using var command = Command(query, values);
        var value = await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        return value is null or DBNull ? default! : (T)value;
    }

    /// <summary>The first column of all rows, as the owner.</summary>
    public async Task<List<T>> ListAsync<T>(string query, params object[] values)
    {
        await using var command = Command(query, values);
        await using var reader = await command.ExecuteReaderAsync(
            TestContext.Current.CancellationToken
        );
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(await reader.GetFieldValueAsync<T>(0));
        }

        return rows;
    }

    /// <summary>A statement, as the owner.</summary>
    public async Task<int> ExecuteAsync(string statement, params object[] values)
    {
        await using var command = Command(statement, values);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await Silo.DisposeAsync();
        await Read.DisposeAsync();
    }

    private NpgsqlCommand Command(string text, object[] values)
    {
        var command = Owner.CreateCommand(text);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static string As(string connection, string role) =>
        new NpgsqlConnectionStringBuilder(connection) { Username = role }.ConnectionString;
}
