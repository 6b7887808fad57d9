using System.Text.RegularExpressions;
using Harness.EndToEnd.Tests.Runs;

namespace Harness.EndToEnd.Tests.Telemetry;

/// <summary>The metrics of a run, against the table of docs/telemetry.md.</summary>
[Collection(WholeRuns.Name)]
public sealed partial class MetricsOfRunTests
{
    private readonly IReadOnlyList<ReceivedMetric> _metrics;

    public MetricsOfRunTests(TracedRun run)
    {
        TracedRun.Require();
        _metrics = [.. run.Received.Metrics];
    }

    [GeneratedRegex(
        @"^\| `(?<name>harness\.[a-z_.]+)` \| (?<kind>[a-z]+) \| (?<unit>\S+) \|",
        RegexOptions.Multiline
    )]
    private static partial Regex Row();

    [Theory]
    [InlineData("harness.sweep.submitted", 1)]
    [InlineData("harness.sweep.completed", 1)]
    [InlineData("harness.trial.queue.wait", 2)]
    public void A_run_counts_what_happened(string name, double expected) =>
        Sum(name).ShouldBe(expected);

    // Loss and gradient norm of four steps of two trials. The rest of an attempt that has just ended may overtake the
    // answer to its last message: that is sent again, and counted again, though it is stored once.
    [Fact]
    public void It_counts_the_points_that_were_taken_in() =>
        Sum("harness.ingest.points").ShouldBeInRange(16, 32);

    private double Sum(string name) =>
        (_metrics.LastOrDefault(metric => metric.Name == name)?.Points ?? []).Sum(point =>
            point.Value
        );

    [Theory]
    [InlineData("leased")]
    [InlineData("succeeded")] // a short one may end before a heartbeat says that it runs
    public void Each_trial_is_counted_as_it_changes_its_state(string state) =>
        _metrics
            .Last(metric => metric.Name == "harness.trial.transitions")
            .Points.Where(point => point.Attributes["to"] == state)
            .Sum(point => point.Value)
            .ShouldBe(2);

    [Fact]
    public void Each_of_our_metrics_has_the_kind_and_unit_of_its_row()
    {
        var rows = Row()
            .Matches(File.ReadAllText(Path.Combine(HarnessScript.Root, "docs", "telemetry.md")))
            .Select(row =>
                $"{row.Groups["name"].Value} {row.Groups["kind"].Value} {row.Groups["unit"].Value}"
            )
            .ToList();
        var ours = _metrics
            .Where(metric => metric.Scope.StartsWith("Harness", StringComparison.Ordinal))
            .Select(metric => $"{metric.Name} {metric.Kind} {metric.Unit}")
            .Distinct()
            .ToList();
        ours.Count.ShouldBeGreaterThan(6);
        ours.Except(rows).ShouldBeEmpty("docs/telemetry.md does not say so");
    }

    [Fact]
    public void No_metric_of_ours_has_an_attribute_without_bound() =>
        _metrics
            .Where(metric => metric.Scope.StartsWith("Harness", StringComparison.Ordinal))
            .SelectMany(metric => metric.Points.SelectMany(point => point.Attributes.Keys))
            .Distinct()
            .Except(["from", "to", "state", "start"])
            .ShouldBeEmpty("ids of trials, sweeps and tokens go on spans");

    [Theory]
    [InlineData("harness-silo", "Npgsql")]
    [InlineData("harness-silo", "Microsoft.Orleans")]
    [InlineData("harness-silo", "System.Runtime")]
    [InlineData("harness-dashboard", "Npgsql")]
    [InlineData("harness-dashboard", "Microsoft.AspNetCore.Hosting")]
    [InlineData("harness-worker", "System.Net.Http")]
    public void Each_program_sends_the_meters_of_its_libraries(string service, string meter) =>
        _metrics.ShouldContain(metric => metric.Service == service && metric.Scope == meter);
}
