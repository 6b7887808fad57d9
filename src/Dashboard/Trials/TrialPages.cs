using Harness.Dashboard.Access;
using Harness.Domain.Api;
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
                    [nameof(TrialPage.ReadAt)] = clock.GetUtcNow(),
                }
            )
            : TrialLookup.Missing(trial);
}
