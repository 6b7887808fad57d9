using Harness.Dashboard.Access;
using Harness.Domain;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Sweeps;

/// <summary>The people's API of sweeps.</summary>
public static class SweepApi
{
    /// <summary>Adds the addresses under <c>/api/v1/sweeps</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var sweeps = routes.MapGroup("/api/v1/sweeps");
        sweeps.MapGet("", ListAsync).RequireAuthorization(Policies.Read);
        sweeps.MapGet("{sweep}", ShowAsync).RequireAuthorization(Policies.Read);
        sweeps.MapGet("{sweep}/summary", SummaryAsync).RequireAuthorization(Policies.Read);
        sweeps.MapGet("{sweep}/events", SweepEvents.OpenAsync).RequireAuthorization(Policies.Read);
        sweeps.MapPost("", SubmitSweep.HandleAsync).RequireAuthorization(Policies.Submit);
        sweeps.MapPatch("{sweep}", SetSweep.HandleAsync).RequireAuthorization(Policies.Submit);
        sweeps.MapDelete("{sweep}", RemoveSweep.HandleAsync).RequireAuthorization(Policies.Submit);
        foreach (var verb in SweepVerb.All)
        {
            sweeps
                .MapPost($"{{sweep}}/{verb.Name}", ChangeSweep.Answer(verb))
                .RequireAuthorization(Policies.Submit);
        }
    }

    private static async Task<IResult> ListAsync(
        SweepReader sweeps,
        string? after,
        string? limit,
        CancellationToken cancellation
    ) =>
        Paging.TryLimit(limit, out var rows) is { } problem
            ? problem
            : TypedResults.Json(
                await sweeps.ListAsync(after, rows, cancellation),
                DomainJson.Default.PageSweepSummary
            );

    private static async Task<IResult> ShowAsync(
        SweepReader sweeps,
        HttpResponse response,
        string sweep,
        CancellationToken cancellation
    )
    {
        if (await SweepLookup.DetailAsync(sweeps, sweep, cancellation) is not { } found)
        {
            return SweepLookup.Missing(sweep);
        }

        response.Headers.ETag = ChangeSweep.Tag(found.Version);
        return TypedResults.Json(found, DomainJson.Default.SweepDetail);
    }

    private static async Task<IResult> SummaryAsync(
        SweepReader sweeps,
        HttpResponse response,
        string sweep,
        CancellationToken cancellation
    )
    {
        if (
            await SweepLookup.IdAsync(sweeps, sweep, cancellation) is not { } id
            || await sweeps.SummaryAsync(id, cancellation) is not { } found
        )
        {
            return SweepLookup.Missing(sweep);
        }

        response.Headers.ETag = ChangeSweep.Tag(found.Version);
        return TypedResults.Json(found, DomainJson.Default.SweepSummary);
    }
}
