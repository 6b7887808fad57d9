using System.Security.Cryptography;
using System.Text;
using Harness.Domain;
using Npgsql;

namespace Harness.Storage;

/// <summary>Brings a database to this version's schema, and its roles to this version's rights.</summary>
public static class Migrations
{
    // Any number that no other program of this database uses.
    private const long AdvisoryLock = 0x4861726e657373;

    /// <summary>Applies what is missing, in order, in one transaction. Running it again changes nothing.</summary>
    /// <param name="owner">Connects as the owner, which may create roles.</param>
    /// <param name="roles">Passwords that the roles get.</param>
    /// <param name="cancellation">Ends it; nothing is changed then.</param>
    public static async Task ApplyAsync(
        NpgsqlDataSource owner,
        RolePasswords roles,
        CancellationToken cancellation
    )
    {
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunAsync(connection, $"select pg_advisory_xact_lock({AdvisoryLock})", cancellation);
        await RunAsync(connection, Script("schema_version.sql"), cancellation);
        var applied = await AppliedAsync(connection, cancellation);
        foreach (var script in Scripts())
        {
            await ApplyAsync(connection, applied, script, cancellation);
        }

        RefuseNewer(applied);
        await GrantAsync(connection, roles, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Names of all migrations, in order.</summary>
    public static IReadOnlyList<string> Scripts() =>
        [
            .. typeof(Migrations)
                .Assembly.GetManifestResourceNames()
                .Where(name => char.IsAsciiDigit(name[0]))
                .Order(StringComparer.Ordinal),
        ];

    private static async Task ApplyAsync(
        NpgsqlConnection connection,
        Dictionary<string, string> applied,
        string script,
        CancellationToken cancellation
    )
    {
        var text = Script(script);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        if (applied.TryGetValue(script, out var before))
        {
            if (before != hash)
            {
                throw new HarnessException(
                    $"The migration {script} was changed after this database had applied it: start with a new database, or run the version that made it."
                );
            }

            return;
        }

        await RunAsync(connection, text, cancellation);
        await using var record = new NpgsqlCommand(
            "insert into schema_version (script, hash) values ($1, $2)",
            connection
        )
        {
            Parameters =
            {
                new() { Value = script },
                new() { Value = hash },
            },
        };
        await record.ExecuteNonQueryAsync(cancellation);
    }

    private static void RefuseNewer(Dictionary<string, string> applied)
    {
        var unknown = applied.Keys.Except(Scripts()).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new HarnessException(
                $"The database was made by a newer version (it has {unknown[^1]}): run that version, or start with a new database."
            );
        }
    }

    private static async Task GrantAsync(
        NpgsqlConnection connection,
        RolePasswords roles,
        CancellationToken cancellation
    )
    {
        // A role's password cannot be a parameter of the statement that sets it; format() quotes it.
        await using var passwords = new NpgsqlCommand(
            "select set_config('harness.silo_password', $1, true), set_config('harness.read_password', $2, true)",
            connection
        )
        {
            Parameters =
            {
                new() { Value = roles.Silo },
                new() { Value = roles.Read },
            },
        };
        await passwords.ExecuteNonQueryAsync(cancellation);
        await RunAsync(connection, Script("roles.sql"), cancellation);
    }

    private static async Task<Dictionary<string, string>> AppliedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            "select script, hash from schema_version",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            applied.Add(reader.GetString(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task RunAsync(
        NpgsqlConnection connection,
        string text,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Script(string name)
    {
        using var stream = typeof(Migrations).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
