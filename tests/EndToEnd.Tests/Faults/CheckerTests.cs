using System.Globalization;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;
using Harness.Storage.Invariants;

namespace Harness.EndToEnd.Tests.Faults;

/// <summary>The checker on a good history, and on the same with one planted fault: a checker that never fails is none.</summary>
public sealed class CheckerTests(PostgresFixture postgres)
{
    /// <summary>Which promise is broken, how that is called, and how it is done.</summary>
    public static TheoryData<string, string, string> Planted() =>
        new()
        {
            { "R1", "an event is gone", "delete from event where trial = 1 and sequence = 2" },
            {
                "R1",
                "the last event is gone",
                "delete from event where trial = 5 and sequence = 3"
            },
            {
                "R1",
                "an event tells of another state before",
                "update event set from_state = 'running' where trial = 1 and kind = 'started'"
            },
            {
                "R1",
                "a state was changed without an event",
                "update trial set state = 'pending' where id = 5; update attempt set state = 'lost', ended_at = now() where trial = 5"
            },
            {
                "R1",
                "a running trial has no attempt",
                "update attempt set state = 'lost', ended_at = now() where trial = 5"
            },
            {
                "R1",
                "an attempt lives on after its trial",
                "update attempt set state = 'started', ended_at = null where trial = 1"
            },
            { "R1", "a sweep has lost a trial", "delete from sweep_trial where trial = 4" },
            {
                "R1",
                "a sweep is complete without its trials",
                "update sweep set state = 'completed'"
            },
            {
                "R1",
                "a sweep ended while a trial runs",
                "update sweep set state = 'completed_with_failures'"
            },
            {
                "R1",
                "a trial is gone",
                "alter table sweep_trial drop constraint sweep_trial_trial_fkey; alter table attempt drop constraint attempt_trial_fkey; delete from trial where id = 5"
            },
            {
                "R2",
                "two attempts live",
                "drop index attempt_live; update attempt set state = 'started', ended_at = null where trial = 2"
            },
            {
                "R2",
                "a lease before the end of the one before",
                "update event set kind = 'started', to_state = 'running', from_state = 'running' where trial = 2 and kind = 'expired'; update event set from_state = 'running' where trial = 2 and sequence = 5"
            },
            {
                "R2",
                "tokens fall",
                "update event set token = 999 where trial = 2 and sequence = 2"
            },
            {
                "R2",
                "an attempt was skipped",
                "update attempt set number = 3 where trial = 2 and number = 2"
            },
            { "R2", "an attempt is not counted", "update trial set attempts = 1 where id = 2" },
            {
                "R2",
                "a newer attempt exists than the trial knows",
                "update trial set token = (select min(token) from attempt where trial = 3) where id = 3"
            },
            { "R3", "a result is gone", "delete from result where trial = 1" },
            {
                "R3",
                "a result is there twice",
                "alter table result drop constraint result_pkey; alter table result drop constraint result_token_key; insert into result select * from result where trial = 1"
            },
            {
                "R3",
                "the result is that of the refused attempt",
                "update result set token = (select min(token) from attempt where trial = 2) where trial = 2"
            },
            {
                "R3",
                "a failed trial has a result",
                "insert into result (trial, token, outcome, metrics) select 4, token, 'ok', '{}' from trial where id = 4"
            },
            {
                "R3",
                "a completion after the end",
                "insert into event (trial, sequence, kind, from_state, to_state, token) select 1, 5, 'completed', 'succeeded', 'succeeded', token from trial where id = 1; update trial set sequence = 5 where id = 1"
            },
            {
                "R3",
                "a trial lives again after its end",
                "insert into event (trial, sequence, kind, from_state, to_state) values (1, 5, 'ready', 'succeeded', 'pending'); update trial set sequence = 5, state = 'pending' where id = 1; delete from result where trial = 1"
            },
            {
                "R3",
                "a number of a result was changed",
                "update result set metrics = jsonb_set(metrics, '{accuracy}', '1') where trial = 1"
            },
            {
                "R3",
                "an outcome was changed",
                "update result set outcome = 'diverged' where trial = 1"
            },
            {
                "R4",
                "points of a replaced attempt came late",
                "update metric_chunk set received_at = received_at + interval '2 seconds' where token = (select min(token) from attempt where trial = 2)"
            },
            {
                "R4",
                "log lines of a replaced attempt came late",
                "update log_chunk set received_at = received_at + interval '2 seconds' where token = (select min(token) from attempt where trial = 2)"
            },
            {
                "R4",
                "points came after the end",
                "update metric_chunk set received_at = received_at + interval '2 seconds' where trial = 1"
            },
            {
                "R4",
                "points under another trial's token",
                "update metric_chunk set token = (select token from trial where id = 5) where trial = 1 and first_step = 1; delete from metric_last"
            },
            {
                "R4",
                "a refusal was not told",
                "update attempt set state = 'fenced', failure = null where trial = 3 and number = 1"
            },
            {
                "R4",
                "an older dispatcher leased",
                "update attempt set epoch = epoch - 1 where token = (select max(token) from attempt)"
            },
            {
                "R5",
                "a step came twice",
                "update metric_chunk set first_step = 2, steps = '{2,4}' where trial = 1 and first_step = 3"
            },
            {
                "R5",
                "the newest point is not the newest",
                "update metric_last set step = 3 where trial = 1"
            },
            {
                "R5",
                "the newest point is of a replaced attempt",
                "update metric_last set token = (select min(token) from attempt where trial = 2) where trial = 2"
            },
            {
                "R6",
                "a continued curve begins elsewhere",
                "update metric_chunk set first_step = 2, steps = '{2,4}' where token = (select max(token) from attempt)"
            },
            {
                "R6",
                "an attempt goes on from another step than readers take",
                "update attempt set resumed_step = 2 where resumed_step = 3"
            },
            {
                "R6",
                "an attempt goes on from another trial's checkpoint",
                "update attempt set parent = 1 where resumed_step = 3"
            },
            {
                "R6",
                "the same trial ended with other parameters",
                "update trial set identity = (select identity from trial where id = 1), generation = 2 where id = 6; update result set parameter_hash = 'beef' where trial = 6"
            },
            {
                "R9",
                "a lease expired while the database was away",
                "insert into writable_period (epoch, lease_seconds, began_at) select 1, 6, at - interval '3 seconds' from event where kind = 'expired'"
            },
            { "R11", "a crash was not counted", "update trial set crashes = 0 where id = 2" },
            {
                "R11",
                "a failure was counted twice",
                "update trial set failures = failures + 1 where id = 4"
            },
            {
                "R11",
                "a trial runs on a spent budget",
                "update trial set max_crashes = 1, crashes = 1 where id = 5"
            },
            {
                "R11",
                "a quarantine without a reason",
                "update trial set reason = null where id = 3"
            },
            {
                "R11",
                "a trial failed with tries left",
                "update trial set max_retries = 3 where id = 4"
            },
            {
                "R17",
                "another time is shown than was used",
                "update result set cpu_seconds = cpu_seconds * 2 where trial = 1"
            },
        };

    [Fact]
    public async Task R18_a_good_history_has_an_end_of_each_kind_and_no_violation()
    {
        await using var db = await postgres.CreateAsync();
        await SmallHistory.WriteAsync(db);

        (await new Control(db).ViolationsAsync()).ShouldBeEmpty();
        var evidence = await new InvariantReader(db.Silo).EvidenceAsync(Control.Cancellation);
        evidence.ShouldBe(new FaultEvidence(3, 2, 1, 2, 0, 1, 1));
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public async Task A_planted_fault_is_found_under_its_number(
        string number,
        string fault,
        string statement
    )
    {
        await using var db = await postgres.CreateAsync();
        await SmallHistory.WriteAsync(db);
        foreach (var part in statement.Split("; "))
        {
            (await db.ExecuteAsync(part)).ShouldNotBe(0, $"it is planted: {part}");
        }

        var found = await new Control(db).ViolationsAsync();

        found.ShouldContain(
            words => words.StartsWith($"{number}: ", StringComparison.Ordinal),
            $"{fault}; found: {string.Join('\n', found)}"
        );
    }

    [Fact]
    public void Every_query_has_a_planted_fault() =>
        Planted()
            .Select(row => row.Data.Item1)
            .Distinct()
            .ShouldBe(InvariantCatalog.All.Select(invariant => invariant.Id));

    [Fact]
    public async Task A_look_begins_where_the_last_one_ended()
    {
        await using var db = await postgres.CreateAsync();
        await SmallHistory.WriteAsync(db);
        await db.ExecuteAsync("update trial set crashes = 0 where id = 2");
        var reader = new InvariantReader(db.Silo);
        // Transactions of other databases of this server hold the next look back for as long as they last.
        var written = ulong.Parse(
            await db.ScalarAsync<string>("select max(xact)::text from event"),
            CultureInfo.InvariantCulture
        );
        await Eventually.IsAsync(
            async () =>
                ulong.Parse(
                    await reader.NowAsync(Control.Cancellation),
                    CultureInfo.InvariantCulture
                ) > written,
            TimeSpan.FromMinutes(1),
            () => "an old transaction lasts"
        );
        var everything = await reader.CheckAsync(InvariantReader.Beginning, Control.Cancellation);
        everything.Violations.ShouldHaveSingleItem().Invariant.ShouldBe("R11");

        (await reader.CheckAsync(everything.Next, Control.Cancellation)).Violations.ShouldBeEmpty(
            "nothing happened since"
        );

        await db.ExecuteAsync(
            "insert into event (trial, sequence, kind, from_state, to_state) values (2, 9, 'fenced', 'succeeded', 'succeeded')"
        );
        (await reader.CheckAsync(everything.Next, Control.Cancellation)).Violations.ShouldContain(
            violation => violation.Invariant == "R11"
        );
    }
}
