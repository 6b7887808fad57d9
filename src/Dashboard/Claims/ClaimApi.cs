using System.Security.Claims;
using System.Text.Json;
using Harness.Dashboard.Access;
using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Grains.Claims;

namespace Harness.Dashboard.Claims;

/// <summary>The people's API of claims.</summary>
public static class ClaimApi
{
    private static readonly string[] Profiles = ["smoke", "quick", "full"];

    /// <summary>Adds the addresses under <c>/api/v1/claims</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var claims = routes.MapGroup("/api/v1/claims");
        claims
            .MapGet(
                "",
                async (ClaimList list, CancellationToken cancellation) =>
                    TypedResults.Json(
                        await list.AllAsync(cancellation),
                        DomainJson.Default.IReadOnlyListClaimRow
                    )
            )
            .RequireAuthorization(Policies.Read);
        claims
            .MapGet(
                "{claim}",
                (ClaimList list, string claim, CancellationToken cancellation) =>
                    RowAsync(list, claim, cancellation)
            )
            .RequireAuthorization(Policies.Read);
        claims.MapPost("runs", RunAsync).RequireAuthorization(Policies.Submit);
        claims.MapPost("{claim}/judge", JudgeAsync).RequireAuthorization(Policies.Submit);
    }

    private static async Task<IResult> RunAsync(
        ClaimList list,
        ICluster cluster,
        HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        if (!request.HasJsonContentType())
        {
            return ProblemAnswer.Of(
                StatusCodes.Status415UnsupportedMediaType,
                "media-type",
                "Wrong content type",
                "Send the request as application/json."
            );
        }

        ClaimRunRequest? asked;
        try
        {
            asked = await JsonSerializer.DeserializeAsync(
                request.Body,
                DomainJson.Default.ClaimRunRequest,
                cancellation
            );
        }
        catch (JsonException fault)
        {
            return BadBody(fault.Message);
        }

        if (asked is null || !Profiles.Contains(asked.Profile))
        {
            return BadBody($"'profile' is one of {string.Join(", ", Profiles)}.");
        }

        var known = (await list.AllAsync(cancellation)).Select(row => row.Claim).ToList();
        if (asked.Claims.FirstOrDefault(claim => !known.Contains(claim)) is { } unknown)
        {
            return ProblemAnswer.NotFound($"claim {unknown}; there are {string.Join(", ", known)}");
        }

        var sweeps = new List<string>();
        foreach (var claim in (asked.Claims.Count > 0 ? asked.Claims : known).Distinct())
        {
            var reply = await cluster
                .Grains.GetGrain<IClaimGrain>(claim)
                .RunAsync(asked.Profile, user.Identity!.Name!)
                .WaitAsync(cancellation);
            sweeps.AddRange(reply.Sweeps);
        }

        return TypedResults.Json(
            new ClaimRunReply([.. sweeps.Distinct()]),
            DomainJson.Default.ClaimRunReply,
            statusCode: StatusCodes.Status202Accepted
        );
    }

    private static async Task<IResult> JudgeAsync(
        ClaimList list,
        ICluster cluster,
        string claim,
        CancellationToken cancellation
    )
    {
        if (await list.FindAsync(claim, cancellation) is null)
        {
            return ProblemAnswer.NotFound($"claim {claim}");
        }

        await cluster.Grains.GetGrain<IClaimGrain>(claim).JudgeAsync().WaitAsync(cancellation);
        return await RowAsync(list, claim, cancellation);
    }

    private static async Task<IResult> RowAsync(
        ClaimList list,
        string claim,
        CancellationToken cancellation
    ) =>
        await list.FindAsync(claim, cancellation) is { } row
            ? TypedResults.Json(row, DomainJson.Default.ClaimRow)
            : ProblemAnswer.NotFound($"claim {claim}");

    private static ProblemAnswer BadBody(string detail) =>
        ProblemAnswer.Of(
            StatusCodes.Status422UnprocessableEntity,
            "body-invalid",
            "Bad request body",
            detail
        );
}
