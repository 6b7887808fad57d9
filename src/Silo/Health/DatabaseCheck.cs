using Harness.Domain;
using Harness.Storage;
using Npgsql;

namespace Harness.Silo.Health;

/// <summary>Says before the silo starts what is wrong with its database; Orleans would say it in forty lines.</summary>
internal static class DatabaseCheck
{
    /// <summary>Throws a message for people when the database does not answer or has no schema.</summary>
    public static async Task RunAsync(string connection)
    {
        await using var database = Database.Open(connection, password: null);
        try
        {
            await using var command = database.CreateCommand("select count(*) from orleansquery");
            await command.ExecuteScalarAsync();
        }
        catch (PostgresException missing)
            when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new HarnessException(
                "The database has no schema yet: run the silo with the argument 'migrate' once.",
                HarnessException.Infrastructure,
                missing
            );
        }
        catch (NpgsqlException failure)
        {
            throw new HarnessException(
                $"The database does not answer ({failure.Message}): start it, or correct HARNESS_DATABASE.",
                HarnessException.Infrastructure,
                failure
            );
        }
    }
}
