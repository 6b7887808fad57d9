using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Harness.Storage.Claims;

/// <summary>A claim as it is registered before its trials run.</summary>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Profile"><c>smoke</c>, <c>quick</c> or <c>full</c>.</param>
/// <param name="File">The claim's file as it is.</param>
/// <param name="FileHash">SHA-256 of the file.</param>
/// <param name="By">Who asks.</param>
public sealed record ClaimRegistration(
    string Claim,
    string Profile,
    string File,
    string FileHash,
    string By
);

/// <summary>A registered run.</summary>
/// <param name="Id">Number.</param>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Profile"><c>smoke</c>, <c>quick</c> or <c>full</c>.</param>
/// <param name="File">The claim's file as it was.</param>
/// <param name="FileHash">SHA-256 of the file.</param>
/// <param name="RegisteredAt">When.</param>
/// <param name="Sweeps">Sweeps that measure for it, as numbers.</param>
/// <param name="Document">The verdict, or null while it is not judged.</param>
public sealed record ClaimRun(
    long Id,
    string Claim,
    string Profile,
    string File,
    string FileHash,
    DateTimeOffset RegisteredAt,
    IReadOnlyList<long> Sweeps,
    string? Document
);

/// <summary>Writes runs of claims and verdicts.</summary>
/// <param name="db">The silo's role.</param>
public sealed class ClaimStore(NpgsqlDataSource db)
{
    /// <summary>Registers a run; the same claim, profile and file again is the same run.</summary>
    /// <returns>Number of the run. A sweep joins it by its submission.</returns>
    public async Task<long> RegisterAsync(
        ClaimRegistration registration,
        CancellationToken cancellation
    )
    {
        // The update that changes nothing makes the row come back also when it was there.
        var ids = await db.Statement(
                """
                insert into claim_run (claim, profile, file, file_hash, registered_by) values ($1, $2, $3, $4, $5)
                on conflict (claim, profile, file_hash) do update set claim = excluded.claim
                returning id
                """,
                registration.Claim,
                registration.Profile,
                registration.File,
                registration.FileHash,
                registration.By
            )
            .ListAsync(row => row.GetInt64(0), cancellation);
        return ids[0];
    }

    /// <summary>The newest run of a claim in that size, or null; of that file, if it was run.</summary>
    public async Task<ClaimRun?> NewestAsync(
        string claim,
        string profile,
        string? fileHash,
        CancellationToken cancellation
    )
    {
        var runs = await db.Statement(
                """
                select run, claim, profile, file, file_hash, registered_at, sweep_ids, document
                from v1_verdicts
                where claim = $1 and profile = $2
                order by file_hash = $3 desc, run desc
                limit 1
                """,
                claim,
                profile,
                fileHash ?? ""
            )
            .ListAsync(
                row => new ClaimRun(
                    row.Get<long>("run"),
                    row.Get<string>("claim"),
                    row.Get<string>("profile"),
                    row.Get<string>("file"),
                    row.Get<string>("file_hash"),
                    row.Get<DateTimeOffset>("registered_at"),
                    row.Get<long[]>("sweep_ids"),
                    row.Text("document")
                ),
                cancellation
            );
        return runs.FirstOrDefault();
    }

    /// <summary>Whether the file was stored before any trial of the run's sweeps was leased.</summary>
    public async Task<bool> IsRegisteredFirstAsync(long run, CancellationToken cancellation)
    {
        var rows = await db.Statement(
                """
                select not exists (
                    select from claim_run_sweep c
                    join sweep_trial s on s.sweep = c.sweep
                    join attempt a on a.trial = s.trial
                    where c.claim_run = r.id and a.leased_at < r.registered_at)
                from claim_run r
                where r.id = $1
                """,
                run
            )
            .ListAsync(row => row.GetBoolean(0), cancellation);
        return rows[0];
    }

    /// <summary>Whether every trial of the run's sweeps has ended; false for a run without sweeps.</summary>
    public async Task<bool> IsCompleteAsync(long run, CancellationToken cancellation)
    {
        var rows = await db.Statement(
                """
                select count(*) > 0 and bool_and(s.state in ('completed', 'completed_with_failures', 'cancelled'))
                from claim_run_sweep c
                join sweep s on s.id = c.sweep
                where c.claim_run = $1
                """,
                run
            )
            .ListAsync(row => !row.IsDBNull(0) && row.GetBoolean(0), cancellation);
        return rows[0];
    }

    /// <summary>Stores the verdict of a run; a newer document takes the older one's place.</summary>
    public async Task StoreAsync(long run, string document, CancellationToken cancellation)
    {
        await using var command = db.Statement(
            """
            insert into verdict (claim_run, document, document_hash) values ($1, $2, $3)
            on conflict (claim_run) do update
                set document = excluded.document, document_hash = excluded.document_hash, judged_at = clock_timestamp()
                where verdict.document_hash <> excluded.document_hash
            """,
            run,
            document,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document)))
        );
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
