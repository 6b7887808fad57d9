namespace Harness.EndToEnd.Tests.Runs;

/// <summary>The program behind <c>./dev bench</c> still measures what it names. Its figures are nobody's business here.</summary>
[Collection(WholeRuns.Name)]
public sealed class BenchTests
{
    private static readonly string[] Marks = ["M3", "M7", "M8", "M9"];

    [Fact]
    public async Task Marks_are_measured_at_a_small_scale()
    {
        var reports = Path.Combine(
            Directory.CreateTempSubdirectory("harness-bench-").FullName,
            "bench.json"
        );
        var bench = await ProgramRun.OfAsync(
            "Bench",
            TimeSpan.FromMinutes(6),
            [.. Marks, "--small", "--json", reports]
        );

        bench.ExitCode.ShouldBe(0, bench.Errors);
        Marks.ShouldAllBe(mark => bench.Output.Contains($"### {mark} "));
        using var written = System.Text.Json.JsonDocument.Parse(
            await File.ReadAllTextAsync(reports, TestContext.Current.CancellationToken)
        );
        written
            .RootElement.EnumerateArray()
            .Select(report => report.GetProperty("Id").GetString())
            .ShouldBe(Marks);
        Directory.Delete(Path.GetDirectoryName(reports)!, recursive: true);
    }
}
