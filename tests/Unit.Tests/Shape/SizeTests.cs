namespace Harness.Unit.Tests.Shape;

public sealed class SizeTests
{
    private const int Limit = 400;

    private static IEnumerable<(string File, int Lines)> Sources(string folder) =>
        Repository
            .Files.Where(file => file.StartsWith(folder, StringComparison.Ordinal))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".sql" or ".js")
            .Select(file => (file, File.ReadLines(Repository.Path(file)).Count()));

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Sources("src/")
            .Concat(Sources("tests/"))
            .Where(source =>
                source.Lines > Limit
                && !source.File.Contains("/Fixtures/", StringComparison.Ordinal)
            )
            .ShouldBeEmpty("which two concepts share each of these?");

    [Fact]
    public void The_median_source_file_is_under_80_lines()
    {
        var lines = Sources("src/").Select(source => source.Lines).Order().ToList();
        lines[lines.Count / 2].ShouldBeLessThan(80);
    }
}
