using System.Text.Json;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>Claims as a user measures them, in the size that shows that everything works.</summary>
[Collection(WholeRuns.Name)]
public sealed class ClaimRunTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Two_claims_are_measured_and_judged_with_effect_rule_controls_and_reservations()
    {
        await using var harness = new HarnessScript();
        var run = await harness.RunAsync(
            Patience,
            "claims",
            "run",
            "order",
            "vanishing",
            "--profile",
            "smoke",
            "--json"
        );

        run.ExitCode.ShouldBe(0, run.Messages);
        foreach (var row in run.Json().EnumerateArray())
        {
            var verdict = JsonDocument.Parse(row.GetProperty("document").GetString()!).RootElement;
            verdict.GetProperty("missing").GetArrayLength().ShouldBe(0, verdict.ToString());
            verdict.GetProperty("registration").GetString().ShouldBe("registered");
            foreach (var part in verdict.GetProperty("parts").EnumerateArray())
            {
                part.GetProperty("effect").ValueKind.ShouldBe(JsonValueKind.Number);
                part.GetProperty("rule").GetString().ShouldNotBeEmpty();
            }

            verdict.GetProperty("controls").GetArrayLength().ShouldBeGreaterThan(0);
            verdict
                .GetProperty("reservations")
                .EnumerateArray()
                .Select(text => text.GetString())
                .ShouldContain(text => text!.Contains("Profile smoke"), "two seeds decide nothing");
        }

        var report = await harness.RunAsync(Patience, "claims", "report", "--json");
        report.ExitCode.ShouldBe(0, report.Messages);
        report
            .Json()
            .EnumerateArray()
            .Select(row => row.GetProperty("verdict").GetString())
            .GroupBy(word => word)
            .ToDictionary(group => group.Key!, group => group.Count())
            .ShouldBe(
                new Dictionary<string, int> { ["inconclusive"] = 2, ["unmeasured"] = 14 },
                ignoreOrder: true
            );
    }
}
