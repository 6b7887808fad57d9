using System.Globalization;
using Harness.EndToEnd.Tests.Storage;
using Harness.Storage;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>
/// One private PostgreSQL a test run, and a fresh database for who asks, made from a migrated template.
/// HARNESS_TEST_DATABASE names a server to use instead: a connection string of a superuser.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly string _template = string.Create(
        CultureInfo.InvariantCulture,
        $"harness_template_{Environment.ProcessId}"
    );
    private readonly List<string> _made = [];
    private readonly SemaphoreSlim _one = new(1);
    private PrivatePostgres? _server;
    private string? _connection;
    private string? _missing;

    /// <summary>Passwords of the two roles on the test server.</summary>
    public static RolePasswords Passwords { get; } = new("silo-of-tests", "read-of-tests");

    public async ValueTask InitializeAsync()
    {
        _connection = Environment.GetEnvironmentVariable("HARNESS_TEST_DATABASE");
        if (_connection is null)
        {
            if (PrivatePostgres.FindBinaries() is not { } binaries)
            {
                _missing =
                    "no PostgreSQL server binaries: install postgresql, or set HARNESS_TEST_DATABASE";
                return;
            }

            _server = await PrivatePostgres.StartAsync(binaries);
            _connection = _server.ConnectionString;
        }

        await ExecuteAsync($"create database {_template}");
        _made.Add(_template);
        await using var owner = Database.Open(In(_template), null);
        await Migrations.ApplyAsync(owner, Passwords, CancellationToken.None);
    }

    /// <summary>A fresh, migrated database. Without a server the test is skipped; on CI it fails.</summary>
    public Task<TestDatabase> CreateAsync() => CreateAsync($"template {_template}");

    /// <summary>A fresh, empty database.</summary>
    public Task<TestDatabase> CreateEmptyAsync() => CreateAsync("template template0");

    private async Task<TestDatabase> CreateAsync(string from)
    {
        if (_missing is { } missing)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                throw new InvalidOperationException(missing);
            }

            Assert.Skip(missing);
        }

        await _one.WaitAsync();
        try
        {
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"harness_test_{Environment.ProcessId}_{_made.Count}"
            );
            await ExecuteAsync($"create database {name} {from}");
            _made.Add(name);
            return new TestDatabase(In(name));
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        else if (_connection is not null)
        {
            foreach (var name in Enumerable.Reverse(_made))
            {
                await ExecuteAsync($"drop database if exists {name} with (force)");
            }
        }

        _one.Dispose();
    }

    private string In(string database) =>
        new NpgsqlConnectionStringBuilder(_connection)
        {
            Database = database,
            IncludeErrorDetail = true,
            MaxPoolSize = 20,
        }.ConnectionString;

    private async Task ExecuteAsync(string statement)
    {
        await using var db = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_connection) { Pooling = false }.ConnectionString
        );
        await using var command = db.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
