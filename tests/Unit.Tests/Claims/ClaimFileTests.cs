using Harness.Domain.Claims;

namespace Harness.Unit.Tests.Claims;

public sealed class ClaimFileTests
{
    private static string Order => ClaimFiles.Text("order")!;

    private static string Vanishing => ClaimFiles.Text("vanishing")!;

    // Each is one mistake in a file that is right: old text, new text, code, path.
    public static TheoryData<string, string, string, string> Mistakes() =>
        new()
        {
            { "claim: order", "claim: ordre", "word.unknown", "/claim" },
            { "matching:", "matchin:", "field.unknown", "/matchin" },
            {
                "rule: solves\n    metric: perm",
                "rule: solve\n    metric: perm",
                "word.unknown",
                "/parts/algebra/rule"
            },
            {
                "rule: solves\n    metric: perm",
                "rule: cost-law\n    metric: perm",
                "not_yet",
                "/parts/algebra/rule"
            },
            {
                "rule: solves\n    metric: perm",
                "rule: time-ratio\n    metric: perm",
                "not_yet",
                "/parts/algebra/rule"
            },
            {
                "rule: solves\n    metric: perm",
                "rule: graded-difference\n    metric: perm",
                "not_yet",
                "/parts/algebra/rule"
            },
            {
                "metric: permutation_error # float64",
                "metric: permutation_eror # float64",
                "word.unknown",
                "/parts/algebra/metric"
            },
            {
                "theta_support: {at_most: 1.0e-10}",
                "theta_support: {at_most: small}",
                "type.mismatch",
                "/parts/algebra/theta_support/at_most"
            },
            {
                "theta_support: {at_most: 1.0e-10}",
                "theta_support: {at_most: 1.0e-2}",
                "band.overlap",
                "/parts/algebra/theta_refute"
            },
            {
                "theta_support: {at_most: 1.0e-10}",
                "theta_support: {at_most: 1, above: 3}",
                "band",
                "/parts/algebra/theta_support"
            },
            {
                "{sweep: positions, where: {positions: rotary}}",
                "{sweep: position, where: {positions: rotary}}",
                "word.unknown",
                "/arms/rotary/sweep"
            },
            {
                "{sweep: positions, where: {positions: rotary}}",
                "{sweep: positions, where: {positions: rotry}}",
                "positions.unknown",
                "/arms/rotary/where/positions/0"
            },
            {
                "{sweep: positions, where: {positions: rotary}}",
                "{sweep: positions, where: {mask: causal, positions: rotary}}",
                "arm.empty",
                "/parts/algebra/against/2"
            },
            {
                "none: {sweep: positions, where: {positions: none, mask: full}}",
                "none: {sweep: positions, where: {positions: none}}",
                "arm.several",
                "/parts/algebra/arm"
            },
            {
                "probes: [permutation]\n    budget: {steps: 300, max_trial_time: 10m}",
                "probes: [permutaton]\n    budget: {steps: 300, max_trial_time: 10m}",
                "probe.unknown",
                "/sweeps/positions/probes/0"
            },
            {
                "      width: {value: 32}\n      heads: {value: 4}\n      learning_rate: {value: 0.003}\n      positions: {values",
                "      width: {value: 32}\n      heads: {value: -4}\n      learning_rate: {value: 0.003}\n      positions: {values",
                "range",
                "/sweeps/positions/parameters/heads/value"
            },
            { "    first_seed: 1001", "    first_seed: 0", "range", "/profiles/quick/first_seed" },
            { "  quick:", "  quik:", "profile.unknown", "/profiles/quik" },
            {
                "positions.budget.steps: 80",
                "position.budget.steps: 80",
                "set.unknown",
                "/profiles/smoke/set/position.budget.steps"
            },
            {
                "    probes: [permutation]\n    budget: {steps: 600",
                "    seeds: 3\n    probes: [permutation]\n    budget: {steps: 600",
                "field.conflict",
                "/sweeps/doubled/seeds"
            },
            {
                "arms: [doubled]\n",
                "arms: [dubled]\n",
                "arm.unknown",
                "/controls/doubled_steps/arms/0"
            },
            { "share: 0.75", "share: 75", "range", "/controls/budget/share" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_place(
        string right,
        string wrong,
        string code,
        string path
    )
    {
        Order.ShouldContain(right);
        var text = Order.Replace(right, wrong, StringComparison.Ordinal);
        var result = ClaimFile.Parse(text);
        result.Claim.ShouldBeNull();
        var problem = result.Problems.FirstOrDefault(problem =>
            problem.Code == code && problem.Path == path
        );
        problem.ShouldNotBeNull(
            string.Join('\n', result.Problems.Select(p => $"{p.Code} {p.Path} {p.Message}"))
        );
        problem.Line.ShouldBeGreaterThan(0);
        problem.Column.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void An_unknown_rule_is_refused_with_those_that_there_are()
    {
        var problem = ClaimFile
            .Parse(
                Order.Replace(
                    "rule: solves\n    metric: perm",
                    "rule: solvs\n    metric: perm",
                    StringComparison.Ordinal
                )
            )
            .Problems.Single();
        problem.Allowed.ShouldBe(["solves", "bound"]);
        problem.Suggestion.ShouldBe("solves");
    }

    [Fact]
    public void A_rule_of_a_later_version_is_refused_by_name() =>
        ClaimFile
            .Parse(
                Vanishing.Replace(
                    "rule: bound\n    arm: nonlinear\n    metric: gradient_factor\n",
                    "rule: cost-law\n    arm: nonlinear\n    metric: gradient_factor\n",
                    StringComparison.Ordinal
                )
            )
            .Problems.Single()
            .Message.ShouldBe("not yet: rule cost-law");

    [Fact]
    public void A_verdict_on_what_a_clock_gives_is_refused_by_name() =>
        ClaimFile
            .Parse(
                Order.Replace(
                    "metric: permutation_error # float64",
                    "metric: step_milliseconds # float64",
                    StringComparison.Ordinal
                )
            )
            .Problems.Single()
            .Message.ShouldStartWith("not yet: a verdict on step_milliseconds");

    [Fact]
    public void A_line_left_out_is_noticed_or_harmless_but_never_a_crash()
    {
        foreach (var file in new[] { Order, Vanishing })
        {
            var lines = file.Split('\n');
            for (var number = 0; number < lines.Length; number += 3)
            {
                var text = string.Join('\n', lines.Where((_, other) => other != number));
                var result = ClaimFile.Parse(text);
                (result.Claim is null).ShouldBe(result.Problems.Count > 0);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a")]
    [InlineData("claim: [")]
    public void What_is_no_claim_is_refused(string text) =>
        ClaimFile.Parse(text).Problems.ShouldNotBeEmpty();
}
