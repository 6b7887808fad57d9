using Harness.Dashboard.Access;
using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Sweeps;
using Harness.Grains.Retention;

namespace Harness.Dashboard.Retention;

/// <summary>The people's API of what is kept.</summary>
public static class RetentionApi
{
    private const string DryRun = "dry_run";

    /// <summary>Adds <c>POST /api/v1/gc</c>: it removes what is everybody's, so it is the admin's.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/gc", CollectAsync).RequireAuthorization(Policies.Admin);

    private static async Task<IResult> CollectAsync(
        ICluster cluster,
        HttpRequest request,
        CancellationToken cancellation
    )
    {
        var keep = new Dictionary<string, double>();
        var isDryRun = false;
        foreach (var (name, value) in request.Query)
        {
            var text = value.ToString();
            if (name == DryRun && bool.TryParse(text, out isDryRun))
            {
                continue;
            }

            if (GarbageKind.All.All(kind => kind.Name != name))
            {
                return ProblemAnswer.BadQuery(
                    $"'{name}={text}' is no option of a collection.",
                    [.. GarbageKind.All.Select(kind => $"{kind.Name}=AGE"), $"{DryRun}=true"]
                );
            }

            if (Units.AgeSeconds(text) is not { } seconds)
            {
                return ProblemAnswer.BadQuery($"'{name}' is '{text}': write {Units.AgeGrammar}.");
            }

            keep[name] = seconds;
        }

        return TypedResults.Json(
            await cluster
                .Grains.GetGrain<IRetentionGrain>(0)
                .CollectAsync(keep, isDryRun)
                .WaitAsync(cancellation),
            DomainJson.Default.GarbageReport
        );
    }
}
