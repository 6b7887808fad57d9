using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>A run of a claim and its verdict.</summary>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Profile"><c>smoke</c>, <c>quick</c> or <c>full</c>.</param>
/// <param name="File">The claim's file as it was registered.</param>
/// <param name="RegisteredAt">When its file was stored.</param>
/// <param name="Document">The verdict, or null while it is not judged.</param>
/// <param name="Sweeps">Sweeps that measure for it, as numbers.</param>
public sealed record StoredVerdict(
    string Claim,
    string Profile,
    string File,
    DateTimeOffset RegisteredAt,
    string? Document,
    IReadOnlyList<long> Sweeps
);

/// <summary>Reads runs of claims and verdicts from the public views.</summary>
/// <param name="db">Any role.</param>
public sealed class ClaimReader(NpgsqlDataSource db)
{
    private const string Columns = "claim, profile, file, registered_at, document, sweep_ids";

    /// <summary>The run of each claim that tells most: the largest profile, and of it the newest.</summary>
    public async Task<IReadOnlyList<StoredVerdict>> BestAsync(CancellationToken cancellation) =>
        await db.Statement(
                $"""
                select distinct on (claim) {Columns} from v1_verdicts
                order by claim, array_position(array['full', 'quick', 'smoke'], profile), run desc
                """
            )
            .ListAsync(Read, cancellation);

    /// <summary>The newest run of one claim in one size, or null.</summary>
    public async Task<StoredVerdict?> FindAsync(
        string claim,
        string profile,
        CancellationToken cancellation
    )
    {
        var rows = await db.Statement(
                $"select {Columns} from v1_verdicts where claim = $1 and profile = $2 order by run desc limit 1",
                claim,
                profile
            )
            .ListAsync(Read, cancellation);
        return rows.FirstOrDefault();
    }

    private static StoredVerdict Read(NpgsqlDataReader row) =>
        new(
            row.Get<string>("claim"),
            row.Get<string>("profile"),
            row.Get<string>("file"),
            row.Get<DateTimeOffset>("registered_at"),
            row.Text("document"),
            row.Get<long[]>("sweep_ids")
        );
}
