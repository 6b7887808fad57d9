using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Claims;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains.Claims;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>A claim from its registration to its verdict, through real tables, with results that the test makes up.</summary>
public sealed class ClaimGrainTests(PostgresFixture postgres) : ClusterTests(postgres)
{
    private const string Quick = "quick";

    private IClaimGrain Order => Cluster.Grains.GetGrain<IClaimGrain>("order");

    [Fact]
    public async Task The_same_results_give_the_same_bytes_and_one_changed_result_changes_them()
    {
        var worker = await WorkerAsync();
        var run = await Order.RunAsync(Quick, "ada");
        run.Sweeps.Count.ShouldBe(3);
        run.Reach.ShouldContain(line => line.Contains("can decide", StringComparison.Ordinal));
        (await Order.JudgeAsync(Quick)).ShouldBeNull("its trials have not run");
        await worker.WorkAsync(lease =>
            Measured(lease, ordered: lease.Spec.Text("positions") != "none")
        );

        var document = (await Order.JudgeAsync(Quick))!;
        var verdict = Read(document);
        verdict.Outcome.ShouldBe(VerdictOutcome.Supported, string.Join('\n', verdict.Reservations));
        verdict.Registration.ShouldBe("registered");
        (await Stored()).ShouldBe(document);

        await Db.ExecuteAsync("delete from verdict");
        (await Order.JudgeAsync(Quick)).ShouldBe(document);

        // As if its attempt had reported it: the tables stay what the invariants ask of them.
        await Db.ExecuteAsync(
            """
            with changed as (
                update result set metrics = jsonb_set(metrics, '{exact_match}', '0.5')
                where trial = (select min(trial) from result)
                returning token)
            update attempt a set observation = jsonb_set(a.observation, '{metrics,exact_match}', '0.5')
            from changed c
            where a.token = c.token
            """
        );
        var changed = (await Order.JudgeAsync(Quick))!;
        changed.ShouldNotBe(document);
        Read(changed).Inputs.Hash.ShouldNotBe(verdict.Inputs.Hash);
        (await Stored()).ShouldBe(changed);
    }

    [Fact]
    public async Task Running_it_again_adds_no_trial_while_it_is_decided()
    {
        var worker = await WorkerAsync();
        var first = await Order.RunAsync(Quick, "ada");
        await worker.WorkAsync(lease =>
            Measured(lease, ordered: lease.Spec.Text("positions") != "none")
        );
        await Order.JudgeAsync(Quick);

        (await Order.RunAsync(Quick, "grace")).Sweeps.ShouldBe(first.Sweeps);
        (await Db.ScalarAsync<long>("select count(*) from claim_run")).ShouldBe(1);
    }

    [Fact]
    public async Task A_look_that_does_not_decide_asks_for_the_seeds_of_the_next()
    {
        var worker = await WorkerAsync();
        var first = await Order.RunAsync(Quick, "ada");
        await worker.WorkAsync(Undecided);
        Read((await Order.JudgeAsync(Quick))!).Outcome.ShouldBe(VerdictOutcome.Inconclusive);

        var second = await Order.RunAsync(Quick, "ada");
        second.Sweeps.Count.ShouldBe(2 * first.Sweeps.Count);
        await worker.WorkAsync(Undecided);

        var verdict = Read((await Order.JudgeAsync(Quick))!);
        (verdict.Look.Number, verdict.Look.Seeds).ShouldBe((2, 16));
        verdict.Outcome.ShouldBe(VerdictOutcome.Supported, "12 of 16 seeds against 0 of 16");
    }

    [Fact]
    public async Task Trials_that_ran_before_the_file_was_registered_make_it_exploratory()
    {
        var worker = await WorkerAsync();
        await Order.RunAsync(Quick, "ada");
        await worker.WorkAsync(lease =>
            Measured(lease, ordered: lease.Spec.Text("positions") != "none")
        );
        await Db.ExecuteAsync("update claim_run set registered_at = clock_timestamp()");

        var verdict = Read((await Order.JudgeAsync(Quick))!);
        verdict.Registration.ShouldBe("exploratory");
        verdict.Reservations.ShouldContain(text =>
            text.StartsWith("Exploratory", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_trial_without_a_result_leaves_it_inconclusive_and_is_named()
    {
        var worker = await WorkerAsync();
        await Order.RunAsync(Quick, "ada");
        var failed = false;
        await worker.WorkAsync(lease =>
        {
            if (failed)
            {
                return Measured(lease, ordered: lease.Spec.Text("positions") != "none");
            }

            failed = true;
            return SomeTrials.Failed(lease.TrialId, lease.Token, FailureKind.Job);
        });

        var verdict = Read((await Order.JudgeAsync(Quick))!);
        verdict.Outcome.ShouldBe(VerdictOutcome.Inconclusive);
        verdict.Missing.ShouldHaveSingleItem().ShouldContain("failed");
    }

    [Fact]
    public async Task A_claim_without_an_experiment_is_refused_by_name()
    {
        var refused = await Should.ThrowAsync<Exception>(() =>
            Cluster.Grains.GetGrain<IClaimGrain>("heads").RunAsync(Quick, "ada")
        );
        refused.Message.ShouldContain("'heads' has no experiment yet");
        (await Db.ScalarAsync<long>("select count(*) from claim_run")).ShouldBe(0);
    }

    private async Task<TestWorker> WorkerAsync()
    {
        var worker = new TestWorker(Cluster, SomeTrials.Worker("one", slots: 16, cores: 16));
        await worker.JoinAsync();
        return worker;
    }

    private Task<string> Stored() => Db.ScalarAsync<string>("select document from verdict");

    private static Verdict Read(string document) =>
        JsonSerializer.Deserialize(document, DomainJson.Default.Verdict)!;

    // A quarter of the seeds without positions end between the two thresholds.
    private static Completion Undecided(Lease lease)
    {
        var measured = Measured(lease, ordered: lease.Spec.Text("positions") != "none");
        if (
            lease.Spec.Text("positions") == "none"
            && lease.Spec.Integer("steps") == 300
            && lease.Spec.Integer("items") > 1
            && lease.Spec.Seed % 4 == 1
        )
        {
            measured.Result!.Metrics["exact_match"] = 0.5;
        }

        return measured;
    }

    // What the essay says, or what it denies, for both parts.
    private static Completion Measured(Lease lease, bool ordered)
    {
        ordered = ordered || lease.Spec.Integer("items") == 1;
        var blind = lease.Spec.Text("positions") == "none" && lease.Spec.Text("mask") == "full";
        return SomeTrials.Completed(lease.TrialId, lease.Token) with
        {
            Result = new TrainerResult(
                TrialOutcome.Ok,
                new(StringComparer.Ordinal)
                {
                    ["permutation_error"] = blind ? 1e-16 : 0.5,
                    ["exact_match"] = ordered ? 1 : 0.002,
                    ["accuracy"] = ordered ? 1 : 0.41,
                    ["chance"] = 0.125,
                    ["loss_drift"] = 0,
                },
                1_000,
                $"{lease.TrialId:x8}",
                false
            ),
        };
    }
}
