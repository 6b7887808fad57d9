using System.Security.Claims;
using Harness.Dashboard.Problems;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Dashboard.Sweeps;

/// <summary>Removes a sweep that has ended, from the API and from the button of its page.</summary>
public static class RemoveSweep
{
    private const string WithClaim = "with_claim";

    /// <summary><c>DELETE /api/v1/sweeps/{sweep}</c>: 200 with what went; 409 for a live one, or one of a claim's run.</summary>
    public static async Task<IResult> HandleAsync(
        ChangeSweep change,
        string sweep,
        HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        var withClaim = false;
        foreach (var (name, value) in request.Query)
        {
            if (name != WithClaim || !bool.TryParse(value, out withClaim))
            {
                return ProblemAnswer.BadQuery(
                    $"'{name}={value}' is no option of a removal.",
                    [$"{WithClaim}=true"]
                );
            }
        }

        var (removed, problem) = await RunAsync(change, sweep, withClaim, user, cancellation);
        return problem is not null
            ? problem
            : TypedResults.Json(removed, DomainJson.Default.SweepRemoved);
    }

    /// <summary>The button: to the list of those that are left.</summary>
    public static async Task<IResult> ReturnAsync(
        ChangeSweep change,
        string sweep,
        HttpResponse response,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        var (_, problem) = await RunAsync(change, sweep, withClaim: false, user, cancellation);
        if (problem is not null)
        {
            return problem;
        }

        response.Headers.Location = "/";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static async Task<(SweepRemoved? Removed, ProblemAnswer? Problem)> RunAsync(
        ChangeSweep change,
        string sweep,
        bool withClaim,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        var (id, grain, missing) = await change.FindAsync(sweep, cancellation);
        if (missing is not null)
        {
            return (null, missing);
        }

        var (changed, removed) = await grain!
            .RemoveAsync(withClaim, user.Identity!.Name!)
            .WaitAsync(cancellation);
        if (changed.Done)
        {
            return (removed, null);
        }

        if (changed.Refusal == ChangeRefusal.Claim)
        {
            var others = string.Join(", ", removed.Sweeps);
            return (
                null,
                ProblemAnswer.Of(
                    StatusCodes.Status409Conflict,
                    "claim-run",
                    "Part of a claim's run",
                    $"Sweep {Ids.Sweep(id)} measures for {string.Join(", ", removed.Claims)}: the run, its verdict and its "
                        + $"sweeps ({others}) can only go together; 'harness rm {Ids.Sweep(id)} --with-claim' removes them."
                )
            );
        }

        var (_, problem) = await change.OutcomeAsync(
            Ids.TrySweep(changed.Sweep ?? "", out var hindering) ? hindering : id,
            changed,
            "remove",
            state => $"is {Words.Of(state)}; only one that has ended can be removed",
            cancellation
        );
        return (null, problem);
    }
}
