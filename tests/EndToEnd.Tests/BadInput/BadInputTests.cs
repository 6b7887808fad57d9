using Harness.EndToEnd.Tests.Dashboard;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>
/// The table of bad inputs, row by row, against a real dashboard over a real database: each answer says what is wrong,
/// where, and what would do, and nothing is written. The command line prints the same faults: Unit.Tests/CommandLine.
/// </summary>
public sealed class BadInputTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly IReadOnlyList<Row> All =
    [
        .. FormRows.All,
        .. ValueRows.All,
        .. SweepRows.All,
        .. ApiRows.All,
        .. ChangeRows.All,
        .. WorkerRows.All,
    ];

    private DashboardServer _server = null!;

    public static TheoryData<int, string> Table()
    {
        var table = new TheoryData<int, string>();
        foreach (var row in All.OrderBy(row => row.Number))
        {
            table.Add(row.Number, row.Input);
        }

        return table;
    }

    public async ValueTask InitializeAsync() =>
        _server = await DashboardServer.StartAsync(postgres);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Row(int number, string input)
    {
        var row = All.Single(row => row.Number == number);
        row.Input.ShouldBe(input);
        row.Asks.ShouldNotBeEmpty();
        var before = await RowsAsync();
        foreach (var ask in row.Asks)
        {
            await ask(new Bed(_server, postgres));
        }

        (await RowsAsync()).ShouldBe(before, "nothing is written");
    }

    // Every table with the number of its rows.
    private Task<List<string>> RowsAsync() =>
        _server.Database.ListAsync<string>(
            """
            select format('%s %s', relname, (xpath('/row/n/text()',
                query_to_xml(format('select count(*) as n from %I', relname), false, true, '')))[1])
            from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname
            """
        );
}
