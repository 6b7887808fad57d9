using System.Security.Claims;
using System.Text.Json;
using Harness.Dashboard.Access;
using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Grains.Claims;
using Harness.Grains.Disk;

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
        ICluster cluster,
        DiskGuard disk,
        HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        if (!request.HasJsonContentType())
        {
            return ProblemAnswer.WrongType("the request", "application/json");
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
            return NoRequest(fault.Path);
        }

        if (asked is null || asked.Claims.Any(claim => claim is null))
        {
            return NoRequest(asked is null ? null : "$.claims");
        }

        if (!Profiles.Contains(asked.Profile))
        {
            return WrongProfile(asked.Profile);
        }

        if (asked.Claims.FirstOrDefault(claim => ClaimCatalog.Find(claim) is null) is { } unknown)
        {
            return Unknown(unknown);
        }

        var claims = (asked.Claims.Count > 0 ? asked.Claims : ClaimFiles.Ids).Distinct().ToList();
        foreach (var claim in claims)
        {
            ClaimFiles.Required(claim);
        }

        disk.Require();
        var replies = new List<ClaimRunReply>();
        foreach (var claim in claims)
        {
            replies.Add(
                await cluster
                    .Grains.GetGrain<IClaimGrain>(claim)
                    .RunAsync(asked.Profile, user.Identity!.Name!)
                    .WaitAsync(cancellation)
            );
        }

        return TypedResults.Json(
            new ClaimRunReply(
                [.. replies.SelectMany(reply => reply.Sweeps).Distinct()],
                [.. replies.SelectMany(reply => reply.Reach)]
            ),
            DomainJson.Default.ClaimRunReply,
            statusCode: StatusCodes.Status202Accepted
        );
    }

    private static async Task<IResult> JudgeAsync(
        ClaimList list,
        ICluster cluster,
        string claim,
        CancellationToken cancellation,
        string profile = "quick"
    )
    {
        if (!Profiles.Contains(profile))
        {
            return WrongProfile(profile);
        }

        if (ClaimCatalog.Find(claim) is not { } known)
        {
            return Unknown(claim);
        }

        await cluster
            .Grains.GetGrain<IClaimGrain>(claim)
            .JudgeAsync(profile)
            .WaitAsync(cancellation);
        return TypedResults.Json(
            await list.FindAsync(known, profile, cancellation),
            DomainJson.Default.ClaimRow
        );
    }

    private static async Task<IResult> RowAsync(
        ClaimList list,
        string claim,
        CancellationToken cancellation
    ) =>
        await list.FindAsync(claim, cancellation) is { } row
            ? TypedResults.Json(row, DomainJson.Default.ClaimRow)
            : Unknown(claim);

    private static ProblemAnswer Unknown(string claim) =>
        ProblemAnswer.NotFound(
            $"claim {claim}",
            [.. ClaimCatalog.All.Select(entry => entry.Id)],
            claim
        );

    private static ProblemAnswer WrongProfile(string profile) =>
        ProblemAnswer.BadBody($"There is no profile '{profile}'.", "/profile", Profiles, profile);

    // The place as the JSON reader names it ($.claims[0]), as a pointer; its words name types of ours.
    private static ProblemAnswer NoRequest(string? place) =>
        ProblemAnswer.BadBody(
            "The body is no request to run claims: send one such as {\"claims\": [\"order\"], \"profile\": \"quick\"}.",
            (place ?? "$")[1..]
                .Replace('.', '/')
                .Replace("[", "/", StringComparison.Ordinal)
                .Replace("]", "", StringComparison.Ordinal)
        );
}
