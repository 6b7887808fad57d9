using Harness.Domain;
using Harness.Storage;
using Npgsql;

namespace Harness.Silo;

/// <summary><c>migrate</c>: brings the schema and the roles up to this version, as the database's owner.</summary>
public static class MigrateCommand
{
    /// <summary>Applies what is missing. Running it again changes nothing.</summary>
    public static async Task RunAsync()
    {
        await using var owner = Database.Open(SiloSettings.DatabaseConnection(), password: null);
        var roles = new RolePasswords(
            HostSettings.Require(
                "HARNESS_SILO_PASSWORD",
                "the password that harness_silo is to have"
            ),
            HostSettings.Require(
                "HARNESS_READ_PASSWORD",
                "the password that harness_read is to have"
            )
        );
        try
        {
            await Migrations.ApplyAsync(owner, roles, CancellationToken.None);
        }
        catch (NpgsqlException failure)
        {
            throw new HarnessException(
                $"The database cannot be brought up to date: {failure.Message}. Look at HARNESS_DATABASE and at PostgreSQL's log.",
                HarnessException.Infrastructure,
                failure
            );
        }
    }
}
