using Npgsql;

namespace Harness.Storage;

/// <summary>Opens connections to PostgreSQL.</summary>
public static class Database
{
    /// <summary>A pool for this connection string.</summary>
    /// <param name="connectionString">Npgsql's form; needs to hold no secret.</param>
    /// <param name="password">Added to it when given.</param>
    public static NpgsqlDataSource Open(string connectionString, string? password)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!string.IsNullOrEmpty(password))
        {
            settings.Password = password;
        }

        // A prepared statement costs the server no planning; ours are few and run all the time.
        settings.MaxAutoPrepare = Math.Max(settings.MaxAutoPrepare, 64);
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
