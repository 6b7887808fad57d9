using System.Globalization;
using System.Text;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>docs/schema.md: every view and table with its columns, in the words that the database itself holds.</summary>
internal static class SchemaDocument
{
    private const string Columns = """
        select c.relname, obj_description(c.oid, 'pg_class'), a.attname, format_type(a.atttypid, a.atttypmod),
            col_description(c.oid, a.attnum)
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind = $1
        order by c.relname, a.attnum
        """;

    /// <summary>The document for a migrated database.</summary>
    public static async Task<string> RenderAsync(TestDatabase db)
    {
        var text = new StringBuilder(
            """
            # Schema

            `./dev schema` writes this page from the comments in the database; a test holds it to them.

            ## Views

            The public interface: the role `harness_read` sees these and no table, and so do pages and exports. They are
            versioned: a `v1_` view gains columns and never loses one.

            """
        );
        await AddAsync(text, db, 'v');
        text.Append(
            """

            ## Tables

            Ours to change: read the views instead. States are words, with check constraints; `event` can only be added to.

            """
        );
        await AddAsync(text, db, 'r');
        return text.ToString();
    }

    private static async Task AddAsync(StringBuilder text, TestDatabase db, char kind)
    {
        await using var command = db.Owner.CreateCommand(Columns);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = kind });
        await using var reader = await command.ExecuteReaderAsync(
            TestContext.Current.CancellationToken
        );
        string? current = null;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            if (current != reader.GetString(0))
            {
                current = reader.GetString(0);
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\n### {current}\n\n{reader.GetString(1)}\n\n| column | type | meaning |\n|---|---|---|\n"
                );
            }

            text.Append(
                CultureInfo.InvariantCulture,
                $"| {reader.GetString(2)} | {reader.GetString(3)} | {reader.GetString(4).Replace("|", "\\|", StringComparison.Ordinal)} |\n"
            );
        }
    }
}
