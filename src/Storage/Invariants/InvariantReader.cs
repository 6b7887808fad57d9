using System.Data;
using Npgsql;

namespace Harness.Storage.Invariants;

/// <summary>Looks whether the promises about the history hold.</summary>
/// <param name="db">The silo's role: readers see no tables.</param>
public sealed class InvariantReader(NpgsqlDataSource db)
{
    /// <summary>Where a look at everything begins.</summary>
    public const string Beginning = "0";

    /// <summary>Where a look at what changes from now on begins.</summary>
    public async Task<string> NowAsync(CancellationToken cancellation) =>
        (
            await db.Statement("select pg_snapshot_xmin(pg_current_snapshot())::text")
                .ListAsync(row => row.GetString(0), cancellation)
        )[0];

    /// <summary>Looks at every history that changed since, all at one moment.</summary>
    /// <param name="since">A report's <see cref="InvariantReport.Next"/>, or <see cref="Beginning"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<InvariantReport> CheckAsync(string since, CancellationToken cancellation)
    {
        await using var connection = await db.OpenConnectionAsync(cancellation);
        await using var moment = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellation
        );
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("select pg_snapshot_xmin(pg_current_snapshot())::text");
        foreach (var invariant in InvariantCatalog.All)
        {
            batch.Add(invariant.Query, since);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var next = await reader.RowsAsync(row => row.GetString(0), cancellation);
        var violations = new List<Violation>();
        foreach (var invariant in InvariantCatalog.All)
        {
            violations.AddRange(
                await reader.RowsAsync(
                    row => new Violation(invariant.Id, row.GetString(0)),
                    cancellation
                )
            );
        }

        return new InvariantReport(violations, next[0]);
    }

    /// <summary>What happened at all: a history without losses and refusals proves nothing (R18).</summary>
    public async Task<FaultEvidence> EvidenceAsync(CancellationToken cancellation) =>
        (
            await db.Statement(
                    """
                    select
                        count(*) filter (where kind = 'completed'), count(*) filter (where kind = 'expired'),
                        count(*) filter (where kind = 'fenced'), count(*) filter (where kind = 'crashed'),
                        count(*) filter (where kind = 'drained'),
                        (select count(*) from writable_period), (select epoch from dispatcher)
                    from event
                    """
                )
                .ListAsync(
                    row => new FaultEvidence(
                        row.GetInt64(0),
                        row.GetInt64(1),
                        row.GetInt64(2),
                        row.GetInt64(3),
                        row.GetInt64(4),
                        row.GetInt64(5),
                        row.GetInt64(6)
                    ),
                    cancellation
                )
        )[0];
}
