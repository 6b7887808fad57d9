using Harness.Dashboard.Access;
using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Harness.Dashboard.Sweeps;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Grains.Dispatch;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Trials;

/// <summary>The people's API of trials.</summary>
public static class TrialApi
{
    /// <summary>Adds the addresses under <c>/api/v1/trials</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var trials = routes.MapGroup("/api/v1/trials").RequireAuthorization(Policies.Read);
        trials.MapGet("", ListAsync);
        trials.MapGet("{trial}", ShowAsync);
        trials.MapGet("{trial}/log", LogAsync);
        trials.MapGet("{trial}/explain", ExplainAsync);
    }

    private static async Task<IResult> ListAsync(
        SweepReader sweeps,
        TrialReader trials,
        [AsParameters] TrialFilter filter,
        CancellationToken cancellation
    )
    {
        if (Paging.TryLimit(filter.Limit, out var rows) is { } problem)
        {
            return problem;
        }

        var states = Enum.GetValues<TrialState>().Select(Words.Of).ToList();
        if (filter.State is { Length: > 0 } state && !states.Contains(state))
        {
            return ProblemAnswer.BadQuery(
                $"'state' is '{state}', which no trial has.",
                states,
                "state",
                state
            );
        }

        long? sweep = null;
        if (filter.Sweep is { Length: > 0 } name)
        {
            sweep = await SweepLookup.IdAsync(sweeps, name, cancellation);
            if (sweep is null)
            {
                return SweepLookup.Missing(name);
            }
        }

        var query = new TrialQuery
        {
            Sweep = sweep,
            State = Given(filter.State),
            Model = Given(filter.Model),
            Task = Given(filter.Task),
            After = Given(filter.After),
            Limit = rows,
        };
        return TypedResults.Json(
            await trials.ListAsync(query, cancellation),
            DomainJson.Default.PageTrialRow
        );
    }

    private static async Task<IResult> ShowAsync(
        TrialReader trials,
        string trial,
        CancellationToken cancellation
    ) =>
        Ids.TryTrial(trial, out var id) && await trials.FindAsync(id, cancellation) is { } found
            ? TypedResults.Json(found, DomainJson.Default.TrialDetail)
            : TrialLookup.Missing(trial);

    private static async Task<IResult> LogAsync(
        TrialReader trials,
        string trial,
        CancellationToken cancellation
    ) =>
        Ids.TryTrial(trial, out var id) && await trials.FindAsync(id, cancellation) is not null
            ? TypedResults.Text(
                string.Concat(
                    (await trials.LogAsync(id, cancellation)).Select(line => line + "\n")
                ),
                "text/plain; charset=utf-8"
            )
            : TrialLookup.Missing(trial);

    private static async Task<IResult> ExplainAsync(ICluster cluster, string trial) =>
        Ids.TryTrial(trial, out var id)
        && await cluster.Grains.GetGrain<IDispatchGrain>(0).ExplainAsync(id) is { } explanation
            ? TypedResults.Json(explanation, DomainJson.Default.TrialExplanation)
            : TrialLookup.Missing(trial);

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Which trials a list asks for.</summary>
/// <param name="Sweep">Of this sweep.</param>
/// <param name="State">In this state.</param>
/// <param name="Model">Of this model.</param>
/// <param name="Task">Of this task.</param>
/// <param name="After">Cursor.</param>
/// <param name="Limit">Rows.</param>
public sealed record TrialFilter(
    string? Sweep,
    string? State,
    string? Model,
    string? Task,
    string? After,
    string? Limit
);
