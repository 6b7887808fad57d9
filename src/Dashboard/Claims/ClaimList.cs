using Harness.Domain.Api;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Claims;

/// <summary>The claims with their newest verdicts.</summary>
public sealed class ClaimList(ClaimReader claims)
{
    /// <summary>All of them.</summary>
    public async Task<IReadOnlyList<ClaimRow>> AllAsync(CancellationToken cancellation) =>
        [.. (await claims.NewestAsync(cancellation)).Select(Row)];

    /// <summary>One, or null.</summary>
    public async Task<ClaimRow?> FindAsync(string claim, CancellationToken cancellation) =>
        (await AllAsync(cancellation)).FirstOrDefault(row => row.Claim == claim);

    private static ClaimRow Row(StoredVerdict verdict) =>
        new()
        {
            Claim = verdict.Claim,
            Statement = "",
            Verdict = verdict.Document is null ? "running" : "inconclusive",
            Document = verdict.Document,
            Sweeps = [.. verdict.Sweeps.Select(Ids.Sweep)],
        };
}
