using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Runs;
using Harness.Storage.Claims;
using Harness.Storage.Metrics;
using Harness.Storage.Readers;
using Harness.Storage.Workers;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>What pages and exports see.</summary>
public sealed class ReaderTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase _db = null!;
    private Control _control = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _db = await postgres.CreateAsync();
        _control = new Control(_db);
        await _control.StartAsync("w1");
    }

    public async ValueTask DisposeAsync()
    {
        if (_db is not null)
        {
            await _db.DisposeAsync();
        }
    }

    [Fact]
    public async Task Trials_have_the_columns_that_scripts_hold_on_to_in_their_order()
    {
        var columns = await _db.ListAsync<string>(
            "select attname::text from pg_attribute where attrelid = 'v1_trials'::regclass and attnum > 0 order by attnum"
        );

        columns
            .Take(27)
            .ShouldBe(
                "sweep trial model task seed repeat parameters parameter_count parameter_hash state outcome attempts worker hardware loss accuracy exact_match chance gap tokens_per_second tokens_per_cpu_second step_milliseconds cpu_seconds peak_memory_bytes activation_bytes state_bytes contended".Split(
                    ' '
                )
            );
    }

    [Fact]
    public async Task A_sweep_is_shown_with_its_trials_their_settings_and_their_accuracy_by_lag()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("shown", [SomeTrials.Trial(7), SomeTrials.Trial(8)])
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await new MetricStore(_db.Silo).AppendAsync(Profile(trials[0], token), Cancellation);
        await _control.CompleteAsync(SomeTrials.Completed(trials[0], token, 0.75));

        var shown = (await new SweepReader(_db.Read).FindAsync(sweep, Cancellation))!;

        shown.Sweep.ShouldBe($"S-{sweep}");
        shown.State.ShouldBe(SweepState.Running);
        shown.States.ShouldBe(
            new SortedDictionary<string, int> { ["pending"] = 1, ["succeeded"] = 1 }
        );
        shown
            .Accuracy.Select(row => (row.Axis, row.Value, row.Accuracy, row.Samples))
            .ShouldBe([("lag", 10, 0.9, 100), ("lag", 30, 0.4, 200)]);
        var row = shown.Trials[0];
        row.Trial.ShouldBe($"T-{trials[0]}");
        row.Seed.ShouldBe(7);
        row.Parameters["learning_rate"].ShouldBe(SettingValue.Of(0.001));
        row.Accuracy.ShouldBe(0.75);
        row.Outcome.ShouldBe(TrialOutcome.Ok);
        row.CpuSeconds.ShouldBe(1.5);
        row.Worker.ShouldBe("w1");
        row.Metrics.Keys.ShouldBe(["gradient_factor"]);
        row.TokensPerSecond.ShouldBeNull();
        shown.Trials[1].State.ShouldBe(TrialState.Pending);
    }

    [Fact]
    public async Task Pages_of_sweeps_and_trials_meet_without_gap_or_repeat()
    {
        for (var n = 0; n < 5; n++)
        {
            await _control.SubmitAsync(
                SomeTrials.Sweep(
                    $"page-{n}",
                    [SomeTrials.Trial(10 * n), SomeTrials.Trial((10 * n) + 1)]
                )
            );
        }

        var sweeps = new List<string>();
        string? after = null;
        do
        {
            var page = await new SweepReader(_db.Read).ListAsync(after, 2, Cancellation);
            page.Total.ShouldBe(5);
            sweeps.AddRange(page.Items.Select(row => row.Sweep));
            after = page.Next;
        } while (after is not null);
        sweeps.ShouldBe(["S-5", "S-4", "S-3", "S-2", "S-1"]);

        var seeds = new List<long>();
        do
        {
            var page = await new TrialReader(_db.Read).ListAsync(
                new TrialQuery { After = after, Limit = 3 },
                Cancellation
            );
            page.Total.ShouldBe(10);
            seeds.AddRange(page.Items.Select(row => row.Seed));
            after = page.Next;
        } while (after is not null);
        seeds.ShouldBe([40, 41, 30, 31, 20, 21, 10, 11, 0, 1]);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1.2.3")]
    [InlineData("1;drop table trial")]
    [InlineData("99999999999999999999.1")]
    public async Task A_cursor_that_is_none_is_bad_input(string cursor)
    {
        var refused = await Should.ThrowAsync<HarnessException>(() =>
            new TrialReader(_db.Read).ListAsync(new TrialQuery { After = cursor }, Cancellation)
        );
        refused.ExitCode.ShouldBe(HarnessException.BadInput);
    }

    [Fact]
    public async Task Trials_can_be_narrowed_down()
    {
        await _control.SubmitAsync(
            SomeTrials.Sweep("narrow", [SomeTrials.Trial(1), SomeTrials.Trial(1, model: "lstm")])
        );
        var reader = new TrialReader(_db.Read);

        (await reader.ListAsync(new TrialQuery { Model = "lstm" }, Cancellation)).Total.ShouldBe(1);
        (await reader.ListAsync(new TrialQuery { State = "failed" }, Cancellation)).Total.ShouldBe(
            0
        );
        (
            await reader.ListAsync(new TrialQuery { Task = "parity", Sweep = 1 }, Cancellation)
        ).Total.ShouldBe(2);
    }

    [Fact]
    public async Task Time_left_is_told_only_from_three_finished_trials_on()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep(
                "forecast",
                [.. Enumerable.Range(1, 6).Select(seed => SomeTrials.Trial(seed))]
            )
        );
        var reader = new SweepReader(_db.Read);
        for (var n = 0; n < 3; n++)
        {
            (await reader.SummaryAsync(sweep, Cancellation))!.EtaSeconds.ShouldBeNull();
            var token = (await _control.LeaseAsync(trials[n], "w1"))!.Value;
            await _db.ExecuteAsync(
                "update attempt set leased_at = clock_timestamp() - make_interval(secs => $2) where token = $1",
                token,
                10.0 + n
            );
            await _control.CompleteAsync(SomeTrials.Completed(trials[n], token));
        }

        var running = (await _control.LeaseAsync(trials[3], "w1"))!.Value;
        await _control.BeatAsync(trials[3], running, 50);
        var summary = (await reader.SummaryAsync(sweep, Cancellation))!;

        // Two and a half trials of about eleven seconds, one after the other.
        summary.RunningShare.ShouldBe(0.5, 0.001);
        summary.EtaSeconds![0].ShouldBeInRange(20, 27.6);
        summary.EtaSeconds[1].ShouldBeInRange(27.4, 36);
    }

    [Fact]
    public async Task Time_left_of_a_kind_that_nobody_has_finished_is_told_from_the_others()
    {
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep(
                "forecast",
                [
                    .. Enumerable.Range(1, 3).Select(seed => SomeTrials.Trial(seed)),
                    .. Enumerable.Range(1, 3).Select(seed => SomeTrials.Trial(seed, model: "lstm")),
                ]
            )
        );
        for (var n = 0; n < 3; n++)
        {
            var token = (await _control.LeaseAsync(trials[n], "w1"))!.Value;
            await _db.ExecuteAsync(
                "update attempt set leased_at = clock_timestamp() - make_interval(secs => $2) where token = $1",
                token,
                10.0 + n
            );
            await _control.CompleteAsync(SomeTrials.Completed(trials[n], token));
        }

        await _control.LeaseAsync(trials[3], "w1");
        var summary = (await new SweepReader(_db.Read).SummaryAsync(sweep, Cancellation))!;

        // Three trials of about eleven seconds, one after the other.
        summary.EtaSeconds![0].ShouldBeInRange(25, 33);
        summary.EtaSeconds[1].ShouldBeInRange(33, 42);
    }

    [Fact]
    public async Task A_reader_that_follows_misses_nothing_when_a_later_number_commits_first()
    {
        var events = new EventReader(_db.Read);
        var cursor = await events.NowAsync(Cancellation);
        await using var slow = await _db.Owner.OpenConnectionAsync(Cancellation);
        await using var quick = await _db.Owner.OpenConnectionAsync(Cancellation);
        await using var first = await slow.BeginTransactionAsync(Cancellation);
        await InsertAsync(slow, 1);
        await InsertAsync(quick, 2);

        // The second is committed, but an earlier one may still come: nothing is settled yet.
        (await events.AfterAsync(cursor, 10, Cancellation)).ShouldBeEmpty();
        await first.CommitAsync(Cancellation);

        // Other tests' databases on this server hold the settled mark back for moments.
        IReadOnlyList<FollowedEvent> seen = [];
        await Eventually.IsAsync(
            async () => (seen = await events.AfterAsync(cursor, 10, Cancellation)).Count == 2,
            TimeSpan.FromSeconds(30),
            () => $"two settled events; seen {seen.Count}"
        );
        seen.Select(row => row.Trial).ShouldBe([1, 2]);
        (await events.AfterAsync(seen[0].Cursor, 10, Cancellation))
            .ShouldHaveSingleItem()
            .Trial.ShouldBe(2);

        async Task InsertAsync(Npgsql.NpgsqlConnection connection, long trial)
        {
            await using var command = new Npgsql.NpgsqlCommand(
                $"insert into event (trial, sequence, kind) values ({trial}, 1, 'test')",
                connection
            );
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_watcher_is_told_of_live_sweeps_and_then_of_changes()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        stop.CancelAfter(TimeSpan.FromSeconds(30));
        var feed = new ChangeFeed(_db.Read).SweepsAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = feed.MoveNextAsync();
        var (sweep, _) = await _control.SubmitAsync(
            SomeTrials.Sweep("watched", [SomeTrials.Trial(1)])
        );

        (await next).ShouldBeTrue();
        feed.Current.ShouldBe(sweep);
        // Now it listens: what comes next came as a notification or was found by a look at the history.
        var (second, _) = await _control.SubmitAsync(
            SomeTrials.Sweep("watched-too", [SomeTrials.Trial(2)])
        );
        do
        {
            (await feed.MoveNextAsync()).ShouldBeTrue();
        } while (feed.Current != second);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task Workers_are_listed_with_what_they_do()
    {
        await new WorkerStore(_db.Silo).JoinAsync(SomeTrials.Worker("w9", slots: 3), Cancellation);
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("busy", [SomeTrials.Trial(1)])
        );
        await _control.LeaseAsync(trials[0], "w9");

        var row = (await new WorkerReader(_db.Read).ListAsync(Cancellation)).Single(worker =>
            worker.Worker == "w9"
        );

        (row.Slots, row.Busy, row.State, row.Name).ShouldBe((3, 1, "ready", "name of w9"));
    }

    [Fact]
    public async Task A_run_of_a_claim_is_registered_once_and_judged_to_one_document()
    {
        var store = new ClaimStore(_db.Silo);
        var registration = new ClaimRegistration("order", "smoke", "claim: order", "abc", "ada");
        var run = await store.RegisterAsync(registration, Cancellation);
        (await store.RegisterAsync(registration, Cancellation)).ShouldBe(run);
        (await store.IsCompleteAsync(run, Cancellation)).ShouldBeFalse();
        var (sweep, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("for-a-claim", [SomeTrials.Trial(1)]) with
            {
                ClaimRun = run,
            }
        );
        var token = (await _control.LeaseAsync(trials[0], "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Completed(trials[0], token));
        (await store.IsCompleteAsync(run, Cancellation)).ShouldBeTrue();

        await store.StoreAsync(run, "{}", Cancellation);

        (await new ClaimReader(_db.Read).BestAsync(Cancellation))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                row => row.Document.ShouldBe("{}"),
                row => row.Sweeps.ShouldBe([sweep])
            );
    }

    private static IngestRequest Profile(long trial, long token) =>
        new()
        {
            WorkerId = "w1",
            Attempts =
            [
                new AttemptData
                {
                    TrialId = trial,
                    Token = token,
                    Profiles =
                    [
                        new TrainerProfile("accuracy", "lag", [10, 30], [0.9, 0.4], [100, 200]),
                    ],
                },
            ],
        };
}
