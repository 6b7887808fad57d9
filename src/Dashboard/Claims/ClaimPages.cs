using Harness.Dashboard.Access;
using Harness.Dashboard.Problems;
using Harness.Domain.Api;
using Harness.Storage.Readers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harness.Dashboard.Claims;

/// <summary>The pages of claims.</summary>
public static class ClaimPages
{
    /// <summary>Adds <c>/claims</c> and <c>/claims/{claim}</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/claims", ListAsync).RequireAuthorization(Policies.Read);
        routes.MapGet("/claims/{claim}", ShowAsync).RequireAuthorization(Policies.Read);
    }

    private static async Task<IResult> ListAsync(
        ClaimList claims,
        TimeProvider clock,
        CancellationToken cancellation
    ) =>
        new RazorComponentResult<ClaimsPage>(
            new Dictionary<string, object?>
            {
                [nameof(ClaimsPage.Claims)] = await claims.AllAsync(cancellation),
                [nameof(ClaimsPage.ReadAt)] = clock.GetUtcNow(),
            }
        );

    private static async Task<IResult> ShowAsync(
        ClaimList claims,
        ClaimReader runs,
        TrialReader trials,
        TimeProvider clock,
        string claim,
        CancellationToken cancellation
    )
    {
        if (await claims.FindAsync(claim, cancellation) is not { } found)
        {
            return ProblemAnswer.NotFound($"claim {claim}");
        }

        var rows = new List<TrialRow>();
        foreach (var sweep in found.Sweeps)
        {
            await foreach (var row in trials.AllAsync(Id(sweep), cancellation))
            {
                rows.Add(row);
            }
        }

        var run = found.Profile is { } profile
            ? await runs.FindAsync(claim, profile, cancellation)
            : null;
        return new RazorComponentResult<ClaimPage>(
            new Dictionary<string, object?>
            {
                [nameof(ClaimPage.View)] = ClaimView.Of(found, run?.File, rows),
                [nameof(ClaimPage.ReadAt)] = clock.GetUtcNow(),
            }
        );
    }

    private static long Id(string sweep) => Ids.TrySweep(sweep, out var id) ? id : 0;
}
