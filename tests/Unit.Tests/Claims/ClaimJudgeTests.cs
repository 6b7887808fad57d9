using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Domain.Trials;

namespace Harness.Unit.Tests.Claims;

public sealed class ClaimJudgeTests
{
    private static readonly ClaimDefinition Order = ClaimResults.Claim("order");

    private static bool Blind(TrialSpec trial) =>
        trial.Text("positions") == "none" && trial.Text("mask") == "full";

    private static Verdict Judge(
        List<TrialRow> rows,
        ClaimProfileName profile = ClaimProfileName.Quick,
        bool registered = true
    ) => ClaimJudge.Judge(Order, ClaimResults.Facts(profile, registered), rows);

    private static PartVerdict Part(Verdict verdict, string id) =>
        verdict.Parts.Single(part => part.Id == id);

    [Fact]
    public void A_perfect_split_of_eight_seeds_supports_at_the_first_look()
    {
        var verdict = Judge(ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial)));
        verdict.Outcome.ShouldBe(VerdictOutcome.Supported);
        verdict.Look.ShouldBe(new VerdictLook(1, 8, 0.02, 40, 0.00025));
        Part(verdict, "copy").PSupport.ShouldBe(7.77001e-5); // 1 / 12870
        Part(verdict, "copy").Groups.Select(group => group.N).ShouldAllBe(n => n == 8);
        Part(verdict, "copy").Interval!.Low.ShouldBe(0.630583, 1e-6);
        verdict.Controls.ShouldAllBe(control => control.Passed);
        verdict.Missing.ShouldBeEmpty();
        ClaimJudge.NextLook(verdict).ShouldBeNull();
    }

    [Fact]
    public void One_seed_that_does_not_fit_sends_the_run_to_the_second_look_which_decides()
    {
        Func<TrialSpec, bool> lucky = trial =>
            !Blind(trial) && !(trial.Text("positions") == "learned" && trial.Seed == 1001);
        var first = Judge(ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial, lucky)));
        first.Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        ClaimJudge.NextLook(first).ShouldBe(2);

        var second = Judge(ClaimResults.Rows(Order, 2, trial => ClaimResults.Order(trial, lucky)));
        second.Outcome.ShouldBe(VerdictOutcome.Supported);
        second.Look.Seeds.ShouldBe(16);
        ClaimJudge.NextLook(second).ShouldBeNull();
    }

    [Fact]
    public void A_run_that_was_decided_at_the_first_look_stays_so_whatever_came_after()
    {
        var rows = ClaimResults.Rows(
            Order,
            2,
            trial => ClaimResults.Order(trial, other => other.Seed > 1008 || !Blind(other))
        );
        Judge(rows).Look.Number.ShouldBe(1);
        Judge(rows).Outcome.ShouldBe(VerdictOutcome.Supported);
    }

    [Theory]
    [InlineData(16, VerdictOutcome.Refuted)]
    [InlineData(15, VerdictOutcome.Refuted)]
    [InlineData(14, VerdictOutcome.Inconclusive)]
    public void It_solves_it_too_is_refuted_by_sixteen_or_fifteen_of_sixteen_seeds(
        int solved,
        VerdictOutcome outcome
    )
    {
        // The doubled arm is left failing here: only then the controls pass and the parts decide.
        var rows = ClaimResults.Rows(
            Order,
            2,
            trial =>
            {
                var lucky =
                    Blind(trial) && trial.Integer("steps") == 300 && trial.Seed < 1001 + solved;
                var metrics = ClaimResults.Order(trial, other => lucky || !Blind(other));
                metrics["accuracy"] = Blind(trial) ? 0.5 : 1;
                return metrics;
            }
        );
        var verdict = Judge(rows);
        verdict.Controls.ShouldAllBe(control => control.Passed);
        Part(verdict, "copy").Outcome.ShouldBe(outcome);
        verdict.Outcome.ShouldBe(outcome);
    }

    [Fact]
    public void A_control_that_fails_leaves_the_claim_open()
    {
        var verdict = Judge(
            ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial, _ => false))
        );
        verdict.Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        verdict.Controls.Single(control => control.Id == "budget").Passed.ShouldBeFalse();
        verdict.Reservations.ShouldContain(text =>
            text.StartsWith("Control failed: the same code", StringComparison.Ordinal)
        );
        ClaimJudge.NextLook(verdict).ShouldBeNull("more seeds mend no control");
    }

    [Fact]
    public void Numbers_between_the_thresholds_speak_for_nothing()
    {
        var verdict = Judge(
            ClaimResults.Rows(
                Order,
                2,
                trial =>
                {
                    var metrics = ClaimResults.Order(trial);
                    metrics["permutation_error"] = 1e-6;
                    return metrics;
                }
            )
        );
        Part(verdict, "algebra").Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        Part(verdict, "algebra").PSupport.ShouldBe(1);
        Part(verdict, "algebra").PRefute.ShouldBe(1);
    }

    [Theory]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Quarantined)]
    [InlineData(TrialState.Running)]
    [InlineData(TrialState.Cancelled)]
    public void A_trial_without_a_result_is_missing_and_decides_nothing(TrialState state)
    {
        var rows = ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial));
        rows[3] = rows[3] with { State = state };
        var verdict = Judge(rows);
        verdict.Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        verdict
            .Missing.Single()
            .ShouldBe(
                $"T-4 (transformer on copy-memory, seed 1004) is {state.ToString().ToLowerInvariant()}"
            );
        verdict.Inputs.Trials.ShouldNotContain("T-4");
        ClaimJudge.NextLook(verdict).ShouldBeNull();
        rows.RemoveAt(3);
        Judge(rows).Missing.Single().ShouldEndWith("was never submitted");
    }

    [Fact]
    public void A_trial_that_was_submitted_again_counts_with_its_newest_result()
    {
        var rows = ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial));
        var verdict = Judge(rows);
        Judge([
            rows[0] with
            {
                Trial = "T-900",
                Sweep = "S-2",
            },
            .. rows[1..],
            rows[0] with
            {
                State = TrialState.Failed,
            },
        ])
            .Outcome.ShouldBe(VerdictOutcome.Supported);
        Judge([.. rows, rows[0] with { Trial = "T-900", State = TrialState.Failed }])
            .Missing.ShouldHaveSingleItem();
        verdict.Missing.ShouldBeEmpty();
    }

    [Fact]
    public void A_trial_that_diverged_failed_to_learn_and_one_that_was_censored_is_missing()
    {
        var rows = ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial));
        var place = rows.FindIndex(row => row.Parameters["positions"].Text == "rotary");
        rows[place] = rows[place] with { Outcome = TrialOutcome.Diverged, ExactMatch = null };
        var verdict = Judge(rows);
        verdict.Missing.ShouldBeEmpty();
        Part(verdict, "copy").Groups.Single(group => group.Arm == "rotary").Min.ShouldBe(0);
        verdict.Reservations.ShouldContain("1 of 56 trials ended as diverged.");

        rows[place] = rows[place] with { Outcome = TrialOutcome.Censored };
        Judge(rows).Missing.ShouldBe([$"{rows[place].Trial} measured no exact_match"]);
    }

    [Fact]
    public void The_causal_mask_is_a_reservation_where_it_gives_order()
    {
        var verdict = Judge(ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial)));
        verdict.Reservations.ShouldContain(text =>
            text.Contains("causal mask alone", StringComparison.Ordinal)
            && text.EndsWith("(8 of 8 trials)", StringComparison.Ordinal)
        );
        verdict.Reservations.ShouldContain(text =>
            text.Contains("No GPU", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_weakens_a_run_is_said()
    {
        var rows = ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial));
        var learned = rows.FindIndex(row => row.Parameters["positions"].Text == "learned");
        rows[learned] = rows[learned] with
        {
            Contended = true,
            Hardware = "h2",
            ParameterCount = 2000,
        };
        var said = Judge(rows, registered: false);
        said.Registration.ShouldBe("exploratory");
        foreach (
            var word in new[]
            {
                "Exploratory",
                "contended in 1 of 56",
                "unequal hardware",
                "number of parameters: 1000 to 2000",
            }
        )
        {
            said.Reservations.ShouldContain(
                text => text.Contains(word, StringComparison.Ordinal),
                word
            );
        }
    }

    [Fact]
    public void The_smoke_profile_is_judged_and_never_decides()
    {
        var rows = ClaimResults.Rows(
            Order,
            1,
            trial => ClaimResults.Order(trial),
            ClaimProfileName.Smoke
        );
        var verdict = Judge(rows, ClaimProfileName.Smoke);
        verdict.Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        verdict.Reservations[0].ShouldStartWith("Profile smoke");
        verdict.Reservations.ShouldContain(text =>
            text.StartsWith("Too few seeds for 'copy'", StringComparison.Ordinal)
        );
        ClaimJudge.NextLook(verdict).ShouldBeNull();
    }

    [Fact]
    public void Judging_does_not_depend_on_the_order_of_the_rows_or_on_clocks()
    {
        var rows = ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial));
        var document = Judge(rows).ToJson();
        Judge([.. Enumerable.Reverse(rows)]).ToJson().ShouldBe(document);
        Judge([
                .. rows.Select(row =>
                    row with
                    {
                        CpuSeconds = 99,
                        TokensPerSecond = 5,
                        PeakMemoryBytes = 1,
                        Worker = "other",
                        Attempts = 3,
                    }
                ),
            ])
            .ToJson()
            .ShouldBe(document);
        document.ShouldNotContain("cpu_seconds");
    }

    [Fact]
    public void One_changed_result_changes_the_document_whichever_it_is()
    {
        var rows = ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial));
        var document = Judge(rows).ToJson();
        for (var place = 0; place < rows.Count; place++)
        {
            List<TrialRow> changed = [.. rows];
            changed[place] = rows[place] with { ExactMatch = rows[place].ExactMatch + 1e-15 };
            Judge(changed).ToJson().ShouldNotBe(document, rows[place].Trial);
        }
    }

    [Fact]
    public void The_document_reads_back_and_names_its_outcome()
    {
        var document = Judge(ClaimResults.Rows(Order, 1, trial => ClaimResults.Order(trial)))
            .ToJson();
        System
            .Text.Json.JsonSerializer.Deserialize(
                document,
                Harness.Domain.DomainJson.Default.Verdict
            )!
            .ToJson()
            .ShouldBe(document);
        Verdict.OutcomeOf(document).ShouldBe(VerdictOutcome.Supported);
    }
}
