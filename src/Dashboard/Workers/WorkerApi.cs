using Harness.Dashboard.Access;
using Harness.Domain;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Workers;

/// <summary>The people's API of workers.</summary>
public static class WorkerApi
{
    /// <summary>Adds <c>GET /api/v1/workers</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/workers",
                async (WorkerReader workers, CancellationToken cancellation) =>
                    TypedResults.Json(
                        await workers.ListAsync(cancellation),
                        DomainJson.Default.IReadOnlyListWorkerRow
                    )
            )
            .RequireAuthorization(Policies.Read);
}
