using Harness.Domain;
using Harness.Storage;
using Npgsql;

namespace Harness.EndToEnd.Tests.Storage;

public sealed class MigrationTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        await using var db = await postgres.CreateEmptyAsync();
        await Migrations.ApplyAsync(db.Owner, PostgresFixture.Passwords, Cancellation);
        var first = await db.ListAsync<DateTime>(
            "select applied_at from schema_version order by 1"
        );

        await Migrations.ApplyAsync(db.Owner, PostgresFixture.Passwords, Cancellation);

        var second = await db.ListAsync<DateTime>(
            "select applied_at from schema_version order by 1"
        );
        second.ShouldBe(first);
        second.Count.ShouldBe(Migrations.Scripts().Count);
    }

    [Fact]
    public async Task Two_at_once_apply_each_migration_once()
    {
        await using var db = await postgres.CreateEmptyAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(_ =>
                    Migrations.ApplyAsync(db.Owner, PostgresFixture.Passwords, Cancellation)
                )
        );

        (await db.ScalarAsync<long>("select count(*) from schema_version")).ShouldBe(
            Migrations.Scripts().Count
        );
    }

    [Fact]
    public async Task A_migration_that_was_changed_afterwards_is_refused_by_name()
    {
        await using var db = await postgres.CreateAsync();
        await db.ExecuteAsync("update schema_version set hash = 'other' where script like '0002%'");

        var refused = await Should.ThrowAsync<HarnessException>(() =>
            Migrations.ApplyAsync(db.Owner, PostgresFixture.Passwords, Cancellation)
        );

        refused.Message.ShouldContain("0002_worker_and_attempt.sql");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await using var db = await postgres.CreateAsync();
        await db.ExecuteAsync(
            "insert into schema_version (script, hash) values ('9999_later.sql', 'x')"
        );

        var refused = await Should.ThrowAsync<HarnessException>(() =>
            Migrations.ApplyAsync(db.Owner, PostgresFixture.Passwords, Cancellation)
        );

        refused.Message.ShouldContain("newer version");
    }

    [Fact]
    public async Task Every_table_view_and_column_says_what_it_is()
    {
        await using var db = await postgres.CreateAsync();

        var silent = await db.ListAsync<string>(
            """
            select c.relname || coalesce('.' || a.attname, '')
            from pg_class c
            left join lateral (
                select attname, attnum from pg_attribute
                where attrelid = c.oid and attnum > 0 and not attisdropped
                union all
                select null, 0) a on true
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
                and nullif(btrim(col_description(c.oid, a.attnum)), '') is null
                and (a.attnum > 0 or nullif(btrim(obj_description(c.oid, 'pg_class')), '') is null)
            order by 1
            """
        );

        silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task States_in_the_tables_are_the_words_of_the_domain()
    {
        await using var db = await postgres.CreateAsync();
        foreach (
            var (table, words) in new (string, IEnumerable<string>)[]
            {
                ("sweep", Words<Domain.Trials.SweepState>()),
                ("trial", Words<Domain.Trials.TrialState>()),
                ("attempt", Words<Domain.Trials.AttemptState>()),
            }
        )
        {
            var checks = await db.ListAsync<string>(
                "select pg_get_constraintdef(oid) from pg_constraint where conrelid = $1::text::regclass and conname = $1 || '_state_check'",
                table
            );
            var listed = checks[0].Split('\'').Where((_, i) => i % 2 == 1);
            listed.ShouldBe(words, ignoreOrder: true, table);
        }
    }

    [Fact]
    public async Task The_membership_has_every_query_that_the_provider_asks_for()
    {
        await using var db = await postgres.CreateAsync();

        var keys = await db.ListAsync<string>("select querykey from orleansquery order by 1");

        // A missing one ends a silo at its start.
        keys.ShouldContain("CleanupDefunctSiloEntriesKey");
        keys.Count.ShouldBe(10);
    }

    [Fact]
    public async Task The_page_about_the_schema_says_what_the_database_says()
    {
        await using var db = await postgres.CreateAsync();

        (await File.ReadAllTextAsync(SchemaFiles.Document, Cancellation)).ShouldBe(
            await SchemaDocument.RenderAsync(db),
            "run ./dev schema"
        );
    }

    [Fact]
    public async Task The_schema_of_each_release_can_be_migrated()
    {
        var fixtures = Directory.GetFiles(SchemaFiles.Folder, "schema-*.sql");
        fixtures.ShouldNotBeEmpty();
        foreach (var fixture in fixtures)
        {
            await using var db = await postgres.CreateEmptyAsync();
            // psql's own commands and the owners of the machine that made it are not part of a schema.
            var text = string.Join(
                '\n',
                (await File.ReadAllLinesAsync(fixture, Cancellation)).Where(line =>
                    !line.StartsWith('\\')
                )
            );
            await db.ExecuteAsync(text);
            await db.ExecuteAsync("select set_config('search_path', 'public', false)");

            await using var owner = NpgsqlDataSource.Create(db.OwnerConnection);
            await Migrations.ApplyAsync(owner, PostgresFixture.Passwords, Cancellation);

            (await db.ScalarAsync<long>("select count(*) from schema_version")).ShouldBe(
                Migrations.Scripts().Count,
                fixture
            );
            (await db.ScalarAsync<long>("select count(*) from v1_trials")).ShouldBe(0);
        }
    }

    private static IEnumerable<string> Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(Domain.Words.Of);
}
