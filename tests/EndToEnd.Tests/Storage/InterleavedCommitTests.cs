using Harness.Storage.Readers;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>Order of numbers is not order of commits: a follower of the history misses neither of two interleaved ones.</summary>
public sealed class InterleavedCommitTests(PostgresFixture postgres)
{
    private const string Insert =
        "insert into event (sweep, sequence, kind, to_state) values ($1, 1, 'submitted', 'queued')";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_with_a_cursor_sees_both(bool firstCommitsFirst)
    {
        await using var db = await postgres.CreateAsync();
        var reader = new EventReader(db.Read);
        await using var first = await db.Owner.OpenConnectionAsync(Control.Cancellation);
        await using var second = await db.Owner.OpenConnectionAsync(Control.Cancellation);
        await using var one = await first.BeginTransactionAsync(Control.Cancellation);
        await using var two = await second.BeginTransactionAsync(Control.Cancellation);
        await WriteAsync(first, 1);
        await WriteAsync(second, 2);
        var cursor = default(EventCursor);
        var seen = new List<long>();

        await ReadAsync();
        seen.ShouldBeEmpty("nothing is committed");
        await (firstCommitsFirst ? one : two).CommitAsync(Control.Cancellation);
        await ReadAsync();
        await (firstCommitsFirst ? two : one).CommitAsync(Control.Cancellation);
        await Runs.Eventually.IsAsync(
            async () =>
            {
                await ReadAsync();
                return seen.Count == 2;
            },
            TimeSpan.FromMinutes(1), // transactions of other databases of this server hold a reader back
            () => $"seen: {string.Join(' ', seen)}"
        );

        seen.ShouldBe([1, 2]);
        await ReadAsync();
        seen.Count.ShouldBe(2, "each once");

        async Task ReadAsync()
        {
            foreach (var row in await reader.AfterAsync(cursor, 100, Control.Cancellation))
            {
                cursor = row.Cursor;
                seen.Add(row.Sweep!.Value);
            }
        }
    }

    private static async Task WriteAsync(Npgsql.NpgsqlConnection connection, long sweep)
    {
        await using var insert = new Npgsql.NpgsqlCommand(Insert, connection);
        insert.Parameters.Add(new Npgsql.NpgsqlParameter { Value = sweep });
        await insert.ExecuteNonQueryAsync(Control.Cancellation);
    }
}
