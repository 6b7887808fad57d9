using Harness.Domain.Api;
using Npgsql;

namespace Harness.Storage.Archives;

/// <summary>Reads all that a sweep consists of, a bounded part at a time. A sweep that has ended does not change meanwhile.</summary>
/// <param name="db">The silo's role: archives hold tables, which readers do not see.</param>
public sealed class ArchiveReader(NpgsqlDataSource db)
{
    private const string Trials = """
        select trial from (
            select trial from sweep_trial where sweep = $1
            union select trial from retried_trial where sweep = $1
            union select again from retried_trial where sweep = $1) t
        where trial > $2
        order by trial
        limit $3
        """;

    /// <summary>The part at a place.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="place">Null: the first.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ArchivePart> ReadAsync(
        long sweep,
        ArchivePlace? place,
        CancellationToken cancellation
    )
    {
        var at = place ?? new ArchivePlace(0, 0);
        var table = ArchiveTables.All[at.Table];
        List<long> trials =
            table.TrialsAtATime == 0
                ? []
                : await db.Statement(Trials, sweep, at.Trial, table.TrialsAtATime)
                    .ListAsync(row => row.GetInt64(0), cancellation);
        var rows = await Command(table.Rows, sweep, trials)
            .ListAsync(row => row.GetString(0), cancellation);
        var next =
            trials.Count == table.TrialsAtATime && trials.Count > 0 ? at with { Trial = trials[^1] }
            : at.Table + 1 < ArchiveTables.All.Count ? new ArchivePlace(at.Table + 1, 0)
            : null;
        return new ArchivePart(table.Name, rows, next);
    }

    private NpgsqlCommand Command(string text, long sweep, List<long> trials) =>
        (
            text.Contains("$1", StringComparison.Ordinal),
            text.Contains("$2", StringComparison.Ordinal)
        ) switch
        {
            (true, true) => db.Statement(text, sweep, trials.ToArray()),
            (true, false) => db.Statement(text, sweep),
            // Positions of parameters begin at 1.
            _ => db.Statement(text.Replace("$2", "$1", StringComparison.Ordinal), trials.ToArray()),
        };
}
