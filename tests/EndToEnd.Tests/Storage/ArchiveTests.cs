using Harness.Domain.Api;
using Harness.EndToEnd.Tests.Faults;
using Harness.Storage.Archives;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>A sweep as an archive, and back: at home with its numbers, elsewhere with new ones, and never twice.</summary>
public sealed class ArchiveTests(PostgresFixture postgres)
{
    private static readonly string[] Views =
    [
        "select * from v1_sweeps order by sweep_id",
        "select * from v1_trials order by sweep_id, position",
        "select * from v1_attempts order by trial_id, number",
        "select * from v1_metrics order by trial_id, metric, step",
        "select * from v1_metric_last order by trial_id, metric",
        "select * from v1_profiles order by trial_id, name, axis, place",
        "select * from v1_logs order by trial_id, line",
        "select * from v1_workers order by worker",
    ];

    [Fact]
    public async Task What_was_removed_comes_back_as_it_was()
    {
        await using var db = await postgres.CreateAsync();
        await WriteAsync(db);
        var before = await SeenAsync(db);
        var archive = await ReadAsync(db, 1);
        (await new Control(db).RemoveAsync(1)).Changed.Done.ShouldBeTrue();
        (await db.ScalarAsync<long>("select count(*) from trial")).ShouldBe(0);

        var restored = await RestoreAsync(db, archive, isHome: true);

        restored.ShouldBe(new Restored("S-1", 6, 0));
        // The version of a sweep counts its events, of which there are two more.
        Without(await SeenAsync(db), "version").ShouldBe(Without(before, "version"));
        (
            await db.ListAsync<string>(
                "select kind from event where sweep = 1 order by sequence desc limit 2"
            )
        ).ShouldBe(["restored", "removed"]);
        (await new Control(db).ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Elsewhere_it_gets_numbers_of_its_own()
    {
        await using var home = await postgres.CreateAsync();
        await WriteAsync(home);
        var archive = await ReadAsync(home, 1);
        await using var db = await postgres.CreateAsync();
        var control = new Control(db);
        await control.StartAsync("w9");
        var (_, trials) = await control.SubmitAsync(
            SomeTrials.Sweep("another", [SomeTrials.Trial(1), SomeTrials.Trial(77)])
        );
        await control.LeaseAsync(trials[0], "w9");

        var restored = await RestoreAsync(db, archive, isHome: false);

        restored.ShouldBe(new Restored("S-2", 6, 0));
        (await control.ViolationsAsync()).ShouldBeEmpty();
        foreach (
            var query in new[]
            {
                "select sum(attempts) from v1_trials where sweep_id = $1",
                "select count(*) from v1_metrics m join v1_trials t using (trial_id) where sweep_id = $1",
                "select count(*) from v1_logs l join v1_trials t using (trial_id) where sweep_id = $1",
                "select count(*) from v1_attempts a join v1_trials t using (trial_id) where sweep_id = $1 and a.resumed_step is not null",
            }
        )
        {
            var there = await home.ScalarAsync<long>(query, 1L);
            there.ShouldBeGreaterThan(0);
            (await db.ScalarAsync<long>(query, 2L)).ShouldBe(there, query);
        }

        (
            await db.ScalarAsync<int>(
                "select generation from v1_trials where sweep_id = 2 and seed = 1"
            )
        ).ShouldBe(2, "the same settings are here already, and may have given other numbers");
        // What is drawn after it is free.
        (
            await control.SubmitAsync(SomeTrials.Sweep("after", [SomeTrials.Trial(500)]))
        ).Sweep.ShouldBe(3);
    }

    [Fact]
    public async Task It_is_not_read_back_while_it_is_here_and_half_of_one_writes_nothing()
    {
        await using var db = await postgres.CreateAsync();
        await WriteAsync(db);
        var archive = await ReadAsync(db, 1);
        (
            await Should.ThrowAsync<Domain.HarnessException>(() => RestoreAsync(db, archive, true))
        ).Message.ShouldBe("The sweep of this archive is here already: S-1.");
        await new Control(db).RemoveAsync(1);

        await using (var writer = await BeginAsync(db, isHome: true))
        {
            foreach (var (table, rows) in archive.Take(8))
            {
                await writer.AddAsync(table, rows, Control.Cancellation);
            }
        }

        (await db.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(0);
        (await db.ScalarAsync<long>("select count(*) from trial")).ShouldBe(0);
    }

    [Fact]
    public async Task A_trial_that_another_sweep_has_kept_is_not_doubled()
    {
        await using var db = await postgres.CreateAsync();
        await WriteAsync(db);
        await new Control(db).SubmitAsync(SomeTrials.Sweep("sharing", [SomeTrials.Trial(1)]));
        var archive = await ReadAsync(db, 1);
        await new Control(db).RemoveAsync(1);

        (await RestoreAsync(db, archive, isHome: true)).ShouldBe(new Restored("S-1", 5, 1));
        (await db.ScalarAsync<long>("select count(*) from trial")).ShouldBe(6);
        (await new Control(db).ViolationsAsync()).ShouldBeEmpty();
    }

    // The small history, with the trial that runs in it brought to an end.
    private static async Task WriteAsync(TestDatabase db)
    {
        await SmallHistory.WriteAsync(db);
        var control = new Control(db);
        await control.StartAsync();
        await control.CompleteAsync(
            SomeTrials.Completed(
                5,
                await db.ScalarAsync<long>("select token from trial where id = 5"),
                double.PositiveInfinity
            )
        );
        (await control.SweepStateAsync(1)).ShouldBe("completed_with_failures");
    }

    private static async Task<List<(string Table, IReadOnlyList<string> Rows)>> ReadAsync(
        TestDatabase db,
        long sweep
    )
    {
        var reader = new ArchiveReader(db.Silo);
        var parts = new List<(string, IReadOnlyList<string>)>();
        ArchivePlace? place = null;
        do
        {
            var part = await reader.ReadAsync(sweep, place, Control.Cancellation);
            parts.Add((part.Table, part.Rows));
            place = part.Next;
        } while (place is not null);
        return parts;
    }

    private static Task<ArchiveWriter> BeginAsync(TestDatabase db, bool isHome) =>
        ArchiveWriter.BeginAsync(db.Silo, isHome, "test", Control.Cancellation);

    private static async Task<Restored> RestoreAsync(
        TestDatabase db,
        List<(string Table, IReadOnlyList<string> Rows)> archive,
        bool isHome
    )
    {
        await using var writer = await BeginAsync(db, isHome);
        foreach (var (table, rows) in archive)
        {
            await writer.AddAsync(table, rows, Control.Cancellation);
        }

        return await writer.CommitAsync(Control.Cancellation);
    }

    private static async Task<List<string>> SeenAsync(TestDatabase db)
    {
        var seen = new List<string>();
        foreach (var view in Views)
        {
            seen.AddRange(await db.ListAsync<string>($"select to_jsonb(v)::text from ({view}) v"));
        }

        return seen;
    }

    private static List<string> Without(List<string> rows, string column) =>
        [
            .. rows.Select(row =>
            {
                var node = System.Text.Json.Nodes.JsonNode.Parse(row)!.AsObject();
                node.Remove(column);
                // Workers that an archive brings back have left.
                if (node.ContainsKey("slots"))
                {
                    node.Remove("state");
                }

                return node.ToJsonString();
            }),
        ];
}
