using Harness.Domain.Api;
using Harness.Domain.Workers;
using Harness.Storage.Metrics;
using Harness.Storage.Retention;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>What goes by its age, and what must not.</summary>
public sealed class GarbageTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase _db = null!;
    private Control _control = null!;

    public async ValueTask InitializeAsync()
    {
        _db = await postgres.CreateAsync();
        _control = new Control(_db);
        await _control.StartAsync("w1", "idle");
    }

    public async ValueTask DisposeAsync()
    {
        if (_db is not null)
        {
            await _db.DisposeAsync();
        }
    }

    [Fact]
    public async Task Nothing_goes_before_its_age()
    {
        await EndedAsync("young", 1);
        var report = await CollectAsync(dryRun: false);
        report.Kinds.ShouldAllBe(row => row.Rows == 0);
        report
            .Kinds.Select(row => row.Kind)
            .ShouldBe(["trials", .. GarbageKind.All.Select(kind => kind.Name)]);
    }

    [Fact]
    public async Task Log_lines_go_when_their_trial_ended_long_ago_and_others_stay()
    {
        var (_, old) = await EndedAsync("old", 1);
        await EndedAsync("young", 2);
        var (_, live) = await _control.SubmitAsync(SomeTrials.Sweep("live", [SomeTrials.Trial(3)]));
        var token = (await _control.LeaseAsync(live[0], "w1"))!.Value;
        await LogAsync(live[0], token);
        await _db.ExecuteAsync(
            "update trial set ended_at = ended_at - interval '31 days' where id = $1",
            old[0]
        );

        await ShouldGoAsync("logs", 1);

        (await _db.ListAsync<long>("select trial from log_chunk order by trial")).ShouldBe([
            old[0] + 1,
            live[0],
        ]);
    }

    [Fact]
    public async Task History_goes_only_of_what_was_removed_long_ago()
    {
        var (gone, trials) = await EndedAsync("gone", 1);
        var (late, _) = await EndedAsync("late", 2);
        var (stays, kept) = await EndedAsync("stays", 3);
        await _control.RemoveAsync(gone);
        await _control.RemoveAsync(late);
        await _db.ExecuteAsync(
            "update event set at = at - interval '91 days' where sweep = $1 or sweep = $2 or trial = any ($3)",
            gone,
            stays,
            trials.Concat(kept).ToArray()
        );
        await _db.ExecuteAsync(
            "update log_chunk set received_at = received_at - interval '91 days'"
        );
        var before = await _db.ScalarAsync<long>("select count(*) from event");

        // Of the sweep: submitted, started, ended, removed; of the trial: submitted, leased, completed, removed.
        await ShouldGoAsync("events", 8);

        (await _db.ScalarAsync<long>("select count(*) from event")).ShouldBe(before - 8);
        (
            await _db.ScalarAsync<long>(
                "select count(*) from event where sweep = $1 or trial = $2",
                gone,
                trials[0]
            )
        ).ShouldBe(0);
        (await _control.EventsAsync(kept[0])).ShouldBe(["submitted", "leased", "completed"]);
        (await _control.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_goes_when_it_left_long_ago_and_no_attempt_names_it()
    {
        await EndedAsync("used", 1);
        await _db.ExecuteAsync(
            "update worker set state = 'left', seen_at = seen_at - interval '8 days'"
        );
        await _db.ExecuteAsync("update host set seen_at = seen_at - interval '8 days'");

        await ShouldGoAsync("workers", 2);

        (await _db.ListAsync<string>("select id from worker")).ShouldBe(["w1"]);
        (await _db.ListAsync<string>("select id from host")).ShouldBe(["host-of-w1"]);
    }

    [Fact]
    public async Task A_worker_that_is_here_stays_however_long_ago_it_spoke()
    {
        await _db.ExecuteAsync("update worker set seen_at = seen_at - interval '8 days'");
        (await CollectAsync(dryRun: false)).Kinds.ShouldAllBe(row => row.Rows == 0);
    }

    [Fact]
    public async Task Idempotency_keys_go_after_a_day()
    {
        await _control.SubmitAsync(
            SomeTrials.Sweep("keyed", [SomeTrials.Trial(1)]) with
            {
                IdempotencyKey = new SubmitKey("k", "hash"),
            }
        );
        await _db.ExecuteAsync(
            "update idempotency_key set created_at = created_at - interval '25 hours'"
        );
        await ShouldGoAsync("keys", 1);
    }

    [Fact]
    public async Task Trials_that_a_broken_removal_left_go_at_once()
    {
        var (_, trials) = await EndedAsync("broken", 1, 2);
        await _db.ExecuteAsync("delete from sweep_trial where trial = $1", trials[0]);

        await ShouldGoAsync("trials", 1);

        (await _db.ListAsync<long>("select id from trial")).ShouldBe([trials[1]]);
    }

    [Fact]
    public async Task An_age_that_is_asked_for_counts_instead_of_the_usual_one()
    {
        await EndedAsync("now", 1);
        var report = await CollectAsync(dryRun: false, ("logs", 0));
        report.Kinds.First(row => row.Kind == "logs").Rows.ShouldBe(1);
    }

    [Fact]
    public async Task The_function_that_forgets_reaches_nothing_that_is_there()
    {
        await EndedAsync("there", 1);
        // Even a history that says so itself: what counts is the row.
        await _db.ExecuteAsync(
            "insert into event (trial, sequence, kind) select id, sequence + 1, 'removed' from trial"
        );
        await using var forget = _db.Silo.CreateCommand(
            "select forget_removed(interval '0', 1000, false)"
        );

        (await forget.ExecuteScalarAsync(Control.Cancellation)).ShouldBe(0L);
    }

    private async Task ShouldGoAsync(string kind, long rows)
    {
        foreach (var dryRun in new[] { true, false })
        {
            var report = await CollectAsync(dryRun);
            report.DryRun.ShouldBe(dryRun);
            report
                .Kinds.Where(row => row.Rows > 0)
                .ShouldHaveSingleItem()
                .ShouldSatisfyAllConditions(
                    row => row.Kind.ShouldBe(kind),
                    row => row.Rows.ShouldBe(rows, dryRun ? "would go" : "gone")
                );
        }

        (await CollectAsync(dryRun: false)).Kinds.ShouldAllBe(row => row.Rows == 0);
    }

    private Task<GarbageReport> CollectAsync(
        bool dryRun,
        params (string Kind, double Seconds)[] keep
    ) =>
        new GarbageStore(_db.Silo).CollectAsync(
            keep.ToDictionary(age => age.Kind, age => age.Seconds),
            dryRun,
            Control.Cancellation
        );

    private async Task<(long Sweep, List<long> Trials)> EndedAsync(string key, params long[] seeds)
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep(key, [.. seeds.Select(seed => SomeTrials.Trial(seed))])
        );
        foreach (var trial in trials)
        {
            var token = (await _control.LeaseAsync(trial, "w1"))!.Value;
            await LogAsync(trial, token);
            await _control.CompleteAsync(SomeTrials.Completed(trial, token));
        }

        return (sweep, trials);
    }

    private Task<IngestReply> LogAsync(long trial, long token) =>
        new MetricStore(_db.Silo).AppendAsync(
            new IngestRequest
            {
                WorkerId = "w1",
                Attempts =
                [
                    new AttemptData
                    {
                        TrialId = trial,
                        Token = token,
                        Log = ["a line"],
                    },
                ],
            },
            Control.Cancellation
        );
}
