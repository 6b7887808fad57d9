using Harness.Storage.Readers;
using Npgsql;

namespace Harness.EndToEnd.Tests.Storage;

public sealed class RoleTests(PostgresFixture postgres)
{
    private const string Forbidden = "42501";
    private const string ReadOnly = "25006";

    [Theory]
    [InlineData("update event set detail = 'x'")]
    [InlineData("delete from event")]
    [InlineData("truncate event")]
    [InlineData("delete from schema_version")]
    [InlineData("update orleansquery set querytext = ''")]
    [InlineData("create table t (x int)")]
    [InlineData("drop table event")]
    [InlineData("alter table trial drop column spec")]
    [InlineData("create role r")]
    public async Task A_silo_may_not(string statement)
    {
        await using var db = await postgres.CreateAsync();
        (await StateAsync(db.Silo, statement)).ShouldBe(Forbidden);
    }

    [Theory]
    [InlineData("select * from trial")]
    [InlineData("select * from sweep")]
    [InlineData("select * from attempt")]
    [InlineData("select * from event")]
    [InlineData("select * from worker")]
    [InlineData("select nextval('fencing_token')")]
    public async Task A_reader_may_not_see_tables(string statement)
    {
        await using var db = await postgres.CreateAsync();
        (await StateAsync(db.Read, statement)).ShouldBeOneOf(Forbidden, ReadOnly);
    }

    [Theory]
    [InlineData("insert into event (trial, sequence, kind) values (1, 1, 'x')")]
    [InlineData("update worker set name = ''")]
    [InlineData("delete from verdict")]
    [InlineData("delete from orleans_membership")]
    [InlineData("select forget_removed(interval '0', 1, false)")]
    [InlineData("create table t (x int)")]
    public async Task A_reader_may_not_write_even_when_it_leaves_read_only_mode(string statement)
    {
        await using var db = await postgres.CreateAsync();
        (await StateAsync(db.Read, statement)).ShouldBeOneOf(Forbidden, ReadOnly);
        (await StateAsync(db.Read, $"begin read write; {statement}; rollback")).ShouldBe(Forbidden);
    }

    [Fact]
    public async Task A_reader_sees_every_public_view_and_the_gateways()
    {
        await using var db = await postgres.CreateAsync();
        var views = await db.ListAsync<string>(
            "select viewname::text from pg_views where schemaname = 'public'"
        );
        views.Count.ShouldBeGreaterThan(10);
        foreach (var view in views.Append("orleans_membership").Append("orleansquery"))
        {
            (await StateAsync(db.Read, $"select * from {view}")).ShouldBeNull(view);
        }
    }

    [Fact]
    public async Task A_reader_that_takes_too_long_is_stopped()
    {
        await using var db = await postgres.CreateAsync();
        await using var command = db.Read.CreateCommand("show statement_timeout");
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe("5s");
    }

    [Fact]
    public async Task A_wrong_password_is_of_no_use_where_passwords_are_asked_for()
    {
        await using var db = await postgres.CreateAsync();
        // The test server trusts its socket; what counts is that the role has a password at all.
        (
            await db.ScalarAsync<bool>(
                "select bool_and(rolpassword is not null and rolcanlogin and not rolsuper) from pg_authid where rolname like 'harness\\_%'"
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task Readers_need_no_more_than_the_reading_role()
    {
        await using var db = await postgres.CreateAsync();
        var cancellation = TestContext.Current.CancellationToken;
        (await new SweepReader(db.Read).ListAsync(null, 10, cancellation)).Total.ShouldBe(0);
        (await new SweepReader(db.Read).FindAsync(1, cancellation)).ShouldBeNull();
        (await new TrialReader(db.Read).ListAsync(new TrialQuery(), cancellation)).Total.ShouldBe(
            0
        );
        (await new TrialReader(db.Read).FindAsync(1, cancellation)).ShouldBeNull();
        (await new WorkerReader(db.Read).ListAsync(cancellation)).ShouldBeEmpty();
        (await new ClaimReader(db.Read).BestAsync(cancellation)).ShouldBeEmpty();
    }

    private static async Task<string?> StateAsync(NpgsqlDataSource db, string statement)
    {
        try
        {
            await using var command = db.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            return null;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }
}
