using System.Net;
using System.Net.Sockets;
using Harness.EndToEnd.Tests.Storage;
using Harness.Faults;
using Npgsql;

namespace Harness.EndToEnd.Tests.Faults;

/// <summary>
/// Mutation proof: with all guards an adverse history breaks no promise; with any one taken out the checker turns red, or
/// the tables refuse what follows. A checker that passes both would prove nothing.
/// </summary>
public sealed class MutationTests(PostgresFixture postgres)
{
    public static TheoryData<string> Guards() =>
        [.. Mutation.All.Select(mutation => mutation.Guard)];

    [Fact]
    public async Task With_all_guards_an_adverse_history_breaks_no_promise()
    {
        await using var db = await postgres.CreateAsync();

        (await AdverseHistory.WriteAsync(db)).ShouldBeEmpty();

        (await new Control(db).ViolationsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Guards))]
    public async Task Without_a_guard_it_does(string guard)
    {
        var mutation = Mutation.All.First(one => one.Guard == guard);
        await using var db = await postgres.CreateAsync();
        var met = 0;
        using var proxy = new PostgresProxy(
            Server(db),
            statement =>
            {
                var without = mutation.Apply(statement);
                met += without == statement ? 0 : 1;
                return without;
            }
        );
        await using var mutated = new TestDatabase(Through(proxy, db));

        var refused = await AdverseHistory.WriteAsync(mutated);

        met.ShouldBeGreaterThan(0, "no statement holds this guard any more");
        var violations = await new Control(db).ViolationsAsync();
        if (mutation.Number is { } number)
        {
            violations.ShouldContain(
                words => words.StartsWith($"{number}: ", StringComparison.Ordinal),
                $"found: {string.Join('\n', violations)}; refused: {string.Join(' ', refused)}"
            );
        }
        else
        {
            refused.ShouldNotBeEmpty($"found: {string.Join('\n', violations)}");
        }
    }

    private static EndPoint Server(TestDatabase db)
    {
        var settings = new NpgsqlConnectionStringBuilder(db.OwnerConnection);
        return settings.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint(Path.Combine(settings.Host, $".s.PGSQL.{settings.Port}"))
            : new IPEndPoint(Dns.GetHostAddresses(settings.Host)[0], settings.Port);
    }

    private static string Through(PostgresProxy proxy, TestDatabase db) =>
        new NpgsqlConnectionStringBuilder(db.OwnerConnection)
        {
            Host = "127.0.0.1",
            Port = proxy.Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
}
