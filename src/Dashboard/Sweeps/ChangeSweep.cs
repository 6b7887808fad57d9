using System.Globalization;
using System.Security.Claims;
using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Grains.Sweeps;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Sweeps;

/// <summary>Asks a sweep's grain for a change, from the API and from the buttons of its page.</summary>
public sealed class ChangeSweep(SweepReader sweeps, ICluster cluster)
{
    /// <summary><c>POST /api/v1/sweeps/{sweep}/pause</c> and its like: 202 with the summary; 409 in a wrong state.</summary>
    public static Func<
        ChangeSweep,
        string,
        HttpContext,
        ClaimsPrincipal,
        CancellationToken,
        Task<IResult>
    > Answer(SweepVerb verb) =>
        async (change, sweep, http, user, cancellation) =>
        {
            var (summary, problem) = await change.RunAsync(
                verb,
                sweep,
                http.Request.Query,
                user,
                cancellation
            );
            return problem ?? Accepted(http.Response, summary!);
        };

    /// <summary>The button: back to the page, which shows the state.</summary>
    public static Func<
        ChangeSweep,
        string,
        HttpContext,
        ClaimsPrincipal,
        CancellationToken,
        Task<IResult>
    > Return(SweepVerb verb) =>
        async (change, sweep, http, user, cancellation) =>
        {
            var (summary, problem) = await change.RunAsync(
                verb,
                sweep,
                http.Request.Query,
                user,
                cancellation
            );
            return problem ?? Back(http.Response, summary!.Sweep);
        };

    /// <summary>202 with the summary and its version.</summary>
    public static IResult Accepted(HttpResponse response, SweepSummary summary)
    {
        response.Headers.ETag = Tag(summary.Version);
        return TypedResults.Json(
            summary,
            DomainJson.Default.SweepSummary,
            statusCode: StatusCodes.Status202Accepted
        );
    }

    /// <summary>Back to the page of a sweep.</summary>
    public static IResult Back(HttpResponse response, string sweep)
    {
        response.Headers.Location = $"/sweeps/{sweep}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>The version of a sweep as an ETag.</summary>
    public static string Tag(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Number and grain of a sweep, or the problem.</summary>
    public async Task<(long Id, ISweepGrain? Grain, ProblemAnswer? Problem)> FindAsync(
        string sweep,
        CancellationToken cancellation
    ) =>
        await SweepLookup.IdAsync(sweeps, sweep, cancellation) is { } id
        && await sweeps.SpecKeyAsync(id, cancellation) is { } key
            ? (id, cluster.Grains.GetGrain<ISweepGrain>(key), null)
            : (0, null, SweepLookup.Missing(sweep));

    /// <summary>What the API answers to a change that was made, or why it was not.</summary>
    /// <param name="id">Number of the sweep.</param>
    /// <param name="changed">What became of it.</param>
    /// <param name="verb">Name of the change.</param>
    /// <param name="refused">Why a sweep in such a state cannot do it.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<(SweepSummary? Summary, ProblemAnswer? Problem)> OutcomeAsync(
        long id,
        SweepChanged changed,
        string verb,
        Func<Domain.Trials.SweepState, string> refused,
        CancellationToken cancellation
    )
    {
        var name = Ids.Sweep(id);
        return changed.Refusal switch
        {
            null => (await sweeps.SummaryAsync(id, cancellation), null),
            ChangeRefusal.Busy => (
                null,
                ProblemAnswer.Unavailable($"Another change of {name} is under way.")
            ),
            ChangeRefusal.Nothing => (
                null,
                Conflict($"Sweep {name} has no such trial, so there is nothing to {verb}.")
            ),
            ChangeRefusal.Version => (
                null,
                ProblemAnswer.Of(
                    StatusCodes.Status412PreconditionFailed,
                    "stale",
                    "Changed meanwhile",
                    $"Sweep {name} has changed since you looked: its ETag is {Tag(changed.Version)} now. Look again, then ask again."
                )
            ),
            _ when changed.State is { } state => (
                null,
                Conflict($"Sweep {name} {refused(state)}.")
            ),
            _ => (null, ProblemAnswer.NotFound($"sweep {name}")),
        };
    }

    private async Task<(SweepSummary? Summary, ProblemAnswer? Problem)> RunAsync(
        SweepVerb verb,
        string sweep,
        IQueryCollection query,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        if (Flags(verb, query, out var flags) is { } badQuery)
        {
            return (null, badQuery);
        }

        var (id, grain, missing) = await FindAsync(sweep, cancellation);
        if (missing is not null)
        {
            return (null, missing);
        }

        var changed = await verb.Ask(grain!, flags, user.Identity!.Name!).WaitAsync(cancellation);
        // Asking twice is no fault; asking for what the state does not allow is.
        if (
            changed is { Refusal: ChangeRefusal.State, State: { } state }
            && verb.Again.Contains(state)
        )
        {
            changed = changed with { Refusal = null };
        }

        return await OutcomeAsync(id, changed, verb.Name, verb.Refused, cancellation);
    }

    private static ProblemAnswer? Flags(
        SweepVerb verb,
        IQueryCollection query,
        out HashSet<string> flags
    )
    {
        flags = [];
        foreach (var (name, value) in query)
        {
            if (!verb.Options.Contains(name) || !bool.TryParse(value, out var isSet))
            {
                return ProblemAnswer.BadQuery(
                    $"'{name}={value}' is no flag of {verb.Name}.",
                    [.. verb.Options.Select(option => $"{option}=true")]
                );
            }

            if (isSet)
            {
                flags.Add(name);
            }
        }

        return null;
    }

    private static ProblemAnswer Conflict(string detail) =>
        ProblemAnswer.Of(StatusCodes.Status409Conflict, "state", "Wrong state", detail);
}
