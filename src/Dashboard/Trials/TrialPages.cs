using Harness.Dashboard.Access;
using Harness.Dashboard.Cluster;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Grains;
using Harness.Grains.Dispatch;
using Harness.Storage.Readers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harness.Dashboard.Trials;

/// <summary>The page of a trial.</summary>
public static class TrialPages
{
    /// <summary>Adds <c>/trials/{trial}</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/trials/{trial}", ShowAsync).RequireAuthorization(Policies.Read);

    private static async Task<IResult> ShowAsync(
        TrialReader trials,
        ICluster cluster,
        TimeProvider clock,
        string trial,
        CancellationToken cancellation
    ) =>
        Ids.TryTrial(trial, out var id) && await trials.FindAsync(id, cancellation) is { } found
            ? new RazorComponentResult<TrialPage>(
                new Dictionary<string, object?>
                {
                    [nameof(TrialPage.Detail)] = found,
                    [nameof(TrialPage.Log)] = await trials.LogAsync(id, cancellation),
                    [nameof(TrialPage.Explanation)] = await ExplainAsync(cluster, found, id),
                    [nameof(TrialPage.ReadAt)] = clock.GetUtcNow(),
                }
            )
            : TrialLookup.Missing(trial);

    // Only of one that waits, and only while there is somebody to ask: the page is whole without it.
    private static async Task<TrialExplanation?> ExplainAsync(
        ICluster cluster,
        TrialDetail found,
        long id
    )
    {
        if (
            !cluster.IsConnected
            || found.Row.State is not (TrialState.Pending or TrialState.RetryWait)
        )
        {
            return null;
        }

        try
        {
            return await cluster.Grains.GetGrain<IDispatchGrain>(0).ExplainAsync(id);
        }
        catch (Exception away)
            when (away
                    is OrleansException
                        or TimeoutException
                        or ClusterUnavailableException
                        or DatabaseUnavailableException
            )
        {
            return null;
        }
    }
}
