using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>A run of a claim and its verdict.</summary>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Document">The verdict, or null while it is not judged.</param>
/// <param name="RunId">Number of the run.</param>
/// <param name="Sweeps">Sweeps that measure for it, as numbers.</param>
public sealed record StoredVerdict(
    string Claim,
    string? Document,
    long RunId,
    IReadOnlyList<long> Sweeps
);

/// <summary>Reads runs of claims and verdicts from the public views.</summary>
/// <param name="db">Any role.</param>
public sealed class ClaimReader(NpgsqlDataSource db)
{
    /// <summary>The newest run of each claim.</summary>
    public async Task<IReadOnlyList<StoredVerdict>> NewestAsync(CancellationToken cancellation) =>
        await db.Statement(
                "select distinct on (claim) claim, document, run, sweep_ids from v1_verdicts order by claim, run desc"
            )
            .ListAsync(Read, cancellation);

    /// <summary>The newest run of one claim, or null.</summary>
    public async Task<StoredVerdict?> FindAsync(string claim, CancellationToken cancellation)
    {
        var rows = await db.Statement(
                "select claim, document, run, sweep_ids from v1_verdicts where claim = $1 order by run desc limit 1",
                claim
            )
            .ListAsync(Read, cancellation);
        return rows.FirstOrDefault();
    }

    private static StoredVerdict Read(NpgsqlDataReader row) =>
        new(
            row.Get<string>("claim"),
            row.Text("document"),
            row.Get<long>("run"),
            row.Get<long[]>("sweep_ids")
        );
}
