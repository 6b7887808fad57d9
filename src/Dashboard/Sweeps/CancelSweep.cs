using System.Security.Claims;
using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Grains.Sweeps;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Sweeps;

/// <summary>Ends a sweep, from the API and from the button of its page.</summary>
public sealed class CancelSweep(SweepReader sweeps, ICluster cluster)
{
    /// <summary><c>POST /api/v1/sweeps/{sweep}/cancel</c>: 202 with the summary, again too; 409 when it had ended.</summary>
    public static async Task<IResult> AnswerAsync(
        CancelSweep cancel,
        string sweep,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        var (summary, problem) = await cancel.RunAsync(sweep, user, cancellation);
        return problem is not null
            ? problem
            : TypedResults.Json(
                summary,
                DomainJson.Default.SweepSummary,
                statusCode: StatusCodes.Status202Accepted
            );
    }

    /// <summary>The button: back to the page, which shows the state.</summary>
    public static async Task<IResult> ReturnAsync(
        CancelSweep cancel,
        string sweep,
        ClaimsPrincipal user,
        HttpResponse response,
        CancellationToken cancellation
    )
    {
        var (summary, problem) = await cancel.RunAsync(sweep, user, cancellation);
        if (problem is not null)
        {
            return problem;
        }

        response.Headers.Location = $"/sweeps/{summary!.Sweep}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private async Task<(SweepSummary? Summary, ProblemAnswer? Problem)> RunAsync(
        string sweep,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        if (
            await SweepLookup.IdAsync(sweeps, sweep, cancellation) is not { } id
            || await sweeps.SpecKeyAsync(id, cancellation) is not { } key
        )
        {
            return (null, ProblemAnswer.NotFound($"sweep {sweep}"));
        }

        var isChanged = await cluster
            .Grains.GetGrain<ISweepGrain>(key)
            .CancelAsync(user.Identity!.Name!)
            .WaitAsync(cancellation);
        var summary = await sweeps.SummaryAsync(id, cancellation);
        // Asking twice is no fault; asking for what ended by itself is.
        return isChanged || summary!.State is SweepState.Cancelled or SweepState.Cancelling
            ? (summary, null)
            : (
                null,
                ProblemAnswer.Of(
                    StatusCodes.Status409Conflict,
                    "state",
                    "Wrong state",
                    $"Sweep {summary.Sweep} has ended ({Words.Of(summary.State)}), so there is nothing to cancel."
                )
            );
    }
}
