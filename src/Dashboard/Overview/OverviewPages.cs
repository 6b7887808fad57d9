using Harness.Dashboard.Access;
using Harness.Dashboard.Claims;
using Harness.Storage.Readers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harness.Dashboard.Overview;

/// <summary>The first page.</summary>
public static class OverviewPages
{
    private const int Rows = 50;

    /// <summary>Adds <c>/</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", ShowAsync).RequireAuthorization(Policies.Read);

    private static async Task<IResult> ShowAsync(
        SweepReader sweeps,
        ClaimList claims,
        WorkerReader workers,
        TimeProvider clock,
        string? after,
        CancellationToken cancellation
    ) =>
        new RazorComponentResult<OverviewPage>(
            new Dictionary<string, object?>
            {
                [nameof(OverviewPage.Sweeps)] = await sweeps.ListAsync(after, Rows, cancellation),
                [nameof(OverviewPage.Claims)] = await claims.AllAsync(cancellation),
                [nameof(OverviewPage.Workers)] = await workers.ListAsync(cancellation),
                [nameof(OverviewPage.ReadAt)] = clock.GetUtcNow(),
            }
        );
}
