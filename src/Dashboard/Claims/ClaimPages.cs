using Harness.Dashboard.Access;
using Harness.Dashboard.Problems;
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
        TimeProvider clock,
        string claim,
        CancellationToken cancellation
    ) =>
        await claims.FindAsync(claim, cancellation) is { } found
            ? new RazorComponentResult<ClaimPage>(
                new Dictionary<string, object?>
                {
                    [nameof(ClaimPage.Claim)] = found,
                    [nameof(ClaimPage.ReadAt)] = clock.GetUtcNow(),
                }
            )
            : ProblemAnswer.NotFound($"claim {claim}");
}
