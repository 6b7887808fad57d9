using Harness.Domain.Api;
using Npgsql;

namespace Harness.Storage.Retention;

/// <summary>Removes by age what nobody asks for any more, a bounded piece a transaction.</summary>
/// <param name="db">The silo's role.</param>
public sealed class GarbageStore(NpgsqlDataSource db)
{
    // Rows a transaction: short enough that appends beside it wait for a moment only.
    private const int RowsAtATime = 2_000;

    private readonly SweepRemoval _removal = new(db);

    /// <summary>Removes, or with <paramref name="dryRun"/> counts, what is older than these ages.</summary>
    /// <param name="keep">Seconds by kind; a kind that is not named has its own.</param>
    /// <param name="dryRun">Whether nothing is removed.</param>
    /// <param name="cancellation">Ends it between two pieces.</param>
    public async Task<GarbageReport> CollectAsync(
        IReadOnlyDictionary<string, double> keep,
        bool dryRun,
        CancellationToken cancellation
    )
    {
        var rows = new List<GarbageRow>
        {
            new(
                "trials",
                "trials that no sweep holds",
                null,
                await TrialsAsync(dryRun, cancellation)
            ),
        };
        foreach (var kind in GarbageKind.All)
        {
            var age = keep.TryGetValue(kind.Name, out var asked) ? asked : kind.KeepSeconds;
            rows.Add(
                new GarbageRow(
                    kind.Name,
                    kind.Description,
                    age,
                    kind.Name switch
                    {
                        "events" => await EventsAsync(age, dryRun, cancellation),
                        "workers" => await RowsAsync("workers", age, dryRun, cancellation)
                            + await RowsAsync("hosts", age, dryRun, cancellation),
                        _ => await RowsAsync(kind.Name, age, dryRun, cancellation),
                    }
                )
            );
        }

        return new GarbageReport(dryRun, rows.ToArray());
    }

    private async Task<long> TrialsAsync(bool dryRun, CancellationToken cancellation)
    {
        var trials = await db.Statement(GarbageStatements.LeftTrials)
            .ListAsync(row => row.GetInt64(0), cancellation);
        return dryRun ? trials.Count : await _removal.RemoveTrialsAsync(trials, cancellation);
    }

    private async Task<long> EventsAsync(double age, bool dryRun, CancellationToken cancellation)
    {
        var all = 0L;
        while (true)
        {
            var some = await db.Statement(
                    "select forget_removed(make_interval(secs => $1), $2, $3)",
                    age,
                    dryRun ? int.MaxValue : RowsAtATime,
                    dryRun
                )
                .ListAsync(row => row.GetInt64(0), cancellation);
            all += some[0];
            if (dryRun || some[0] == 0)
            {
                return all;
            }
        }
    }

    private async Task<long> RowsAsync(
        string kind,
        double age,
        bool dryRun,
        CancellationToken cancellation
    )
    {
        if (dryRun)
        {
            var counted = await db.Statement(GarbageStatements.Count(kind), age)
                .ListAsync(row => row.GetInt64(0), cancellation);
            return counted[0];
        }

        var all = 0L;
        while (true)
        {
            await using var remove = db.Statement(GarbageStatements.Remove(kind), age, RowsAtATime);
            var some = await remove.ExecuteNonQueryAsync(cancellation);
            all += some;
            if (some == 0)
            {
                return all;
            }
        }
    }
}
