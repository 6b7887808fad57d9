using System.Reflection;
using System.Text;
using Harness.Domain;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>
/// Writes what is generated from the schema: its documentation, and the file that keeps the schema of this version,
/// which all later versions must be able to migrate. <c>./dev schema</c> runs it; it is no check.
/// </summary>
public sealed class SchemaFiles(PostgresFixture postgres)
{
    // Rows that migrations wrote and that the schema is of no use without.
    private static readonly string[] Filled = ["schema_version", "dispatcher", "orleansquery"];

    [Fact(Explicit = true)]
    public async Task Write_the_schema_of_this_version()
    {
        await using var db = await postgres.CreateAsync();
        var version = typeof(HarnessException)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
        var text = new StringBuilder()
            .AppendLine(
                $"-- The database of version {version}: ./dev schema wrote it, nobody edits it."
            )
            .Append(await PrivatePostgres.DumpAsync(db.OwnerConnection, ["--schema-only"]))
            .Append(
                await PrivatePostgres.DumpAsync(
                    db.OwnerConnection,
                    ["--data-only", "--inserts", .. Filled.Select(table => $"--table={table}")]
                )
            );
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(
            Document,
            await SchemaDocument.RenderAsync(db),
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            Path.Combine(Folder, $"schema-{version}.sql"),
            text.ToString(),
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>Where the schemas of releases are.</summary>
    public static string Folder { get; } =
        Path.Combine(Root(), "tests", "EndToEnd.Tests", "Fixtures");

    /// <summary>The schema's documentation.</summary>
    public static string Document { get; } = Path.Combine(Root(), "docs", "schema.md");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Harness.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
