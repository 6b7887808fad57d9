using Harness.Domain.Api;
using Harness.Domain.Claims;

namespace Harness.Unit.Tests.Claims;

public sealed class BoundRuleTests
{
    private static readonly ClaimDefinition Vanishing = ClaimResults.Claim("vanishing");

    private static Verdict Judge(List<TrialRow> rows) =>
        ClaimJudge.Judge(Vanishing, ClaimResults.Facts(), rows);

    private static PartVerdict Part(Verdict verdict, string id) =>
        verdict.Parts.Single(part => part.Id == id);

    [Fact]
    public void Both_looks_run_at_once_where_the_first_cannot_decide()
    {
        ClaimJudge.FirstLook(Vanishing, ClaimProfileName.Quick).ShouldBe(2);
        ClaimJudge.FirstLook(Vanishing, ClaimProfileName.Smoke).ShouldBe(1);
        ClaimJudge.FirstLook(ClaimResults.Claim("order"), ClaimProfileName.Quick).ShouldBe(1);
        ClaimJudge
            .Reach(Vanishing, ClaimProfileName.Quick)
            .ShouldContain(
                "vanishing/product: 8 seeds reach p = 0.00390625, the level is 0.00025: cannot decide"
            );
    }

    [Fact]
    public void A_slope_of_one_over_sixteen_seeds_supports()
    {
        var verdict = Judge(
            ClaimResults.Rows(Vanishing, 2, trial => ClaimResults.Vanishing(trial))
        );
        verdict.Outcome.ShouldBe(VerdictOutcome.Supported);
        verdict.Look.Number.ShouldBe(2);
        Part(verdict, "product").Effect!.Value.ShouldBe(1, 0.02);
        Part(verdict, "product").PSupport.ShouldBe(1.52588e-5); // 1 / 65536
        Part(verdict, "product").Groups.Single().N.ShouldBe(16);
        Part(verdict, "vanishes").PSupport.ShouldBe(1.52588e-5);
        Part(verdict, "vanishes").Interval!.Low.ShouldBe(0.794093, 1e-6);
    }

    [Fact]
    public void A_slope_far_from_one_refutes()
    {
        var verdict = Judge(
            ClaimResults.Rows(Vanishing, 2, trial => ClaimResults.Vanishing(trial, 0.4))
        );
        Part(verdict, "product").Effect!.Value.ShouldBeLessThan(0.75);
        Part(verdict, "product").Outcome.ShouldBe(VerdictOutcome.Refuted);
        verdict.Outcome.ShouldBe(VerdictOutcome.Refuted);
    }

    [Fact]
    public void A_slope_between_the_thresholds_decides_nothing()
    {
        var verdict = Judge(
            ClaimResults.Rows(Vanishing, 2, trial => ClaimResults.Vanishing(trial, 0.85))
        );
        Part(verdict, "product").Effect!.Value.ShouldBeInRange(0.8, 0.9);
        Part(verdict, "product").Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        ClaimJudge.NextLook(verdict).ShouldBeNull("there is no third look");
    }

    [Fact]
    public void Only_cells_whose_prediction_is_below_the_bound_must_vanish()
    {
        var verdict = Judge(
            ClaimResults.Rows(
                Vanishing,
                2,
                trial =>
                {
                    var metrics = ClaimResults.Vanishing(trial);
                    // One cell that should vanish keeps its gradient in every seed.
                    metrics["gradient_ratio_50"] =
                        trial.Text("activation") == "relu" && trial.Number("gain") == 0.8
                            ? 0.5
                            : metrics["gradient_ratio_50"];
                    return metrics;
                }
            )
        );
        Part(verdict, "vanishes").Outcome.ShouldBe(VerdictOutcome.Refuted);
        Part(verdict, "vanishes").Groups.Single().Max.ShouldBe(0.5);
    }

    [Fact]
    public void A_seed_without_a_cell_that_counts_is_missing()
    {
        var verdict = Judge(
            ClaimResults.Rows(
                Vanishing,
                2,
                trial =>
                {
                    var metrics = ClaimResults.Vanishing(trial);
                    metrics["gradient_factor_predicted"] =
                        trial.Seed == 1003
                            ? 2 + trial.Number("gain")
                            : metrics["gradient_factor_predicted"];
                    return metrics;
                }
            )
        );
        verdict.Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        verdict
            .Missing.ShouldHaveSingleItem()
            .ShouldStartWith("seed 1003 has no largest gradient_ratio_50");
    }

    [Fact]
    public void An_infinite_gradient_has_no_mean_and_decides_nothing()
    {
        var verdict = Judge(
            ClaimResults.Rows(
                Vanishing,
                2,
                trial =>
                {
                    var metrics = ClaimResults.Vanishing(trial);
                    metrics["gradient_factor"] =
                        trial.Seed == 1003 && trial.Number("gain") == 3
                            ? double.PositiveInfinity
                            : metrics["gradient_factor"];
                    return metrics;
                }
            )
        );
        Part(verdict, "product").Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        verdict.ToJson().ShouldContain("product");
    }

    [Theory]
    [InlineData(0.9, null, null, null, "at least 0.9")]
    [InlineData(null, 1e-10, null, null, "at most 1e-10")]
    [InlineData(0.9, 1.1, null, null, "0.9 to 1.1")]
    [InlineData(null, null, 0.8, 1.2, "below 0.8 or above 1.2")]
    public void A_range_is_said_in_words(
        double? atLeast,
        double? atMost,
        double? below,
        double? above,
        string words
    ) =>
        new Band
        {
            AtLeast = atLeast,
            AtMost = atMost,
            Below = below,
            Above = above,
        }
            .ToString()
            .ShouldBe(words);

    [Fact]
    public void Ranges_that_touch_overlap_and_ranges_that_do_not_do_not()
    {
        var low = new Band { AtMost = 1 };
        low.Overlaps(new Band { AtLeast = 1 }).ShouldBeTrue();
        low.Overlaps(new Band { Above = 1 }).ShouldBeFalse();
        new Band { AtLeast = 0.9, AtMost = 1.1 }
            .Overlaps(new Band { Below = 0.8, Above = 1.2 })
            .ShouldBeFalse();
        new Band { AtLeast = 0.9, AtMost = 1.3 }
            .Overlaps(new Band { Below = 0.8, Above = 1.2 })
            .ShouldBeTrue();
        low.Holds(double.NaN).ShouldBeFalse();
    }
}
