using System.Text.RegularExpressions;

namespace Harness.Unit.Tests.Shape;

/// <summary>The table of docs/telemetry.md against the instruments that the sources make.</summary>
public sealed partial class TelemetryTests
{
    [GeneratedRegex(
        """Create(?<kind>Counter|Histogram|UpDownCounter|Gauge|Observable\w+)<\w+>\(\s*"(?<name>[^"]+)",\s*"(?<unit>[^"]+)",\s*"(?<what>[^"]+)"\s*\)"""
    )]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\.Create(Counter|Histogram|UpDownCounter|Gauge|Observable\w+)<")]
    private static partial Regex Creation();

    [GeneratedRegex(
        @"^\| `(?<name>[a-z_.]+)` \| (?<kind>[a-z]+) \| (?<unit>\S+) \| (?<what>.+) \|$",
        RegexOptions.Multiline
    )]
    private static partial Regex Row();

    [Fact]
    public void The_page_lists_every_metric_with_its_kind_unit_and_meaning()
    {
        var sources = Repository
            .Files.Where(file =>
                file.StartsWith("src/", StringComparison.Ordinal)
                && file.EndsWith(".cs", StringComparison.Ordinal)
            )
            .Select(Repository.Read)
            .ToList();
        var made = sources.SelectMany(source => Instrument().Matches(source)).Select(Text).ToList();
        made.Count.ShouldBe(
            sources.Sum(source => Creation().Count(source)),
            "each metric has a name, a unit and a description"
        );
        made.Count.ShouldBeGreaterThan(5);
        Row()
            .Matches(Repository.Read("docs/telemetry.md"))
            .Select(Text)
            .ShouldBe(made, ignoreOrder: true);
    }

    private static string Text(Match match) =>
        $"{match.Groups["name"]} | {match.Groups["kind"].Value.ToLowerInvariant()} | {match.Groups["unit"]} | {match.Groups["what"]}";
}
