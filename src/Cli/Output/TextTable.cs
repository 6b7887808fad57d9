using Spectre.Console;

namespace Harness.Cli.Output;

/// <summary>A column: figures are right-aligned, text is left-aligned.</summary>
/// <param name="Title">Head.</param>
/// <param name="Figures">Whether its cells are numbers.</param>
public sealed record TextColumn(string Title, bool Figures = false);

/// <summary>Rows of cells; drawn for a terminal, or tab-separated for a pipe.</summary>
/// <param name="Columns">Columns.</param>
/// <param name="Rows">Cells, one a column.</param>
public sealed record TextTable(
    IReadOnlyList<TextColumn> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows
)
{
    private const int LongestName = 16; // copy-memory, transformer, tokens/CPU-s

    /// <summary>Tab-separated lines with a head; tabs and line ends inside a cell become spaces.</summary>
    public string Plain() =>
        string.Concat(
            Rows.Prepend([.. Columns.Select(column => column.Title)])
                .Select(row => string.Join('\t', row.Select(OneLine)) + "\n")
        );

    /// <summary>A drawing with hairlines.</summary>
    public Table Drawn()
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (column, number) in Columns.Select((column, number) => (column, number)))
        {
            var longest = Rows.Select(row => PlainText.Safe(row[number]).Length)
                .Append(column.Title.Length)
                .Max();
            var drawn = new Spectre.Console.TableColumn(Markup.Escape(column.Title))
            {
                NoWrap = longest <= LongestName,
                // On a narrow terminal names keep their width, and what is long is broken into lines.
                Width = longest <= LongestName ? longest : null,
                Alignment = column.Figures ? Justify.Right : Justify.Left,
            };
            table.AddColumn(drawn);
        }

        foreach (var row in Rows)
        {
            table.AddRow([.. row.Select(cell => new Text(PlainText.Safe(cell)))]);
        }

        return table;
    }

    private static string OneLine(string cell) =>
        PlainText.Safe(cell).Replace('\t', ' ').Replace('\n', ' ');
}
