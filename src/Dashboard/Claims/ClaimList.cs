using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Claims;

/// <summary>The essay's claims, each with the verdict of the run that tells most.</summary>
public sealed class ClaimList(ClaimReader claims)
{
    /// <summary>All of them, in the order of the essay.</summary>
    public async Task<IReadOnlyList<ClaimRow>> AllAsync(CancellationToken cancellation)
    {
        var stored = (await claims.BestAsync(cancellation)).ToDictionary(run => run.Claim);
        return
        [
            .. ClaimCatalog.All.Select(claim => Row(claim, stored.GetValueOrDefault(claim.Id))),
        ];
    }

    /// <summary>One, or null where the essay has no such claim.</summary>
    public async Task<ClaimRow?> FindAsync(string claim, CancellationToken cancellation) =>
        (await AllAsync(cancellation)).FirstOrDefault(row => row.Claim == claim);

    /// <summary>One with its newest run of one size.</summary>
    public async Task<ClaimRow> FindAsync(
        EssayClaim claim,
        string profile,
        CancellationToken cancellation
    ) => Row(claim, await claims.FindAsync(claim.Id, profile, cancellation));

    private static ClaimRow Row(EssayClaim claim, StoredVerdict? stored) =>
        new()
        {
            Claim = claim.Id,
            Statement = claim.Statement,
            Verdict = stored switch
            {
                { Document: { } document } => Words.Of(Verdict.OutcomeOf(document)),
                not null => "running",
                null => "unmeasured",
            },
            Profile = stored?.Profile,
            RegisteredAt = stored?.RegisteredAt,
            Document = stored?.Document,
            Sweeps = [.. (stored?.Sweeps ?? []).Select(Ids.Sweep)],
        };
}
