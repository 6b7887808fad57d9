using Harness.Dashboard.Access;
using Harness.Dashboard.Charts;
using Harness.Domain.Api;
using Harness.Storage.Readers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harness.Dashboard.Sweeps;

/// <summary>The page of a sweep.</summary>
public static class SweepPages
{
    /// <summary>Points of a loss curve on a page: twice the width that it has there is more than the eye sees.</summary>
    public const int LossPoints = 60;

    /// <summary>Adds <c>/sweeps/{sweep}</c> and the buttons of its page.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sweeps/{sweep}", ShowAsync).RequireAuthorization(Policies.Read);
        routes
            .MapPost("/sweeps/{sweep}/set", SetSweep.ReturnAsync)
            .RequireAuthorization(Policies.Submit);
        routes
            .MapPost("/sweeps/{sweep}/remove", RemoveSweep.ReturnAsync)
            .RequireAuthorization(Policies.Submit);
        foreach (var verb in SweepVerb.All)
        {
            routes
                .MapPost($"/sweeps/{{sweep}}/{verb.Name}", ChangeSweep.Return(verb))
                .RequireAuthorization(Policies.Submit);
        }
    }

    /// <summary>Training losses of a sweep by trial.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<ChartPoint>>> LossesAsync(
        TrialReader trials,
        long sweep,
        CancellationToken cancellation
    ) =>
        (await trials.CurvesAsync(sweep, "train_loss", LossPoints, cancellation))
            .GroupBy(series => series.Trial)
            .ToDictionary(
                series => series.Key,
                series =>
                    (IReadOnlyList<ChartPoint>)
                        [
                            .. series
                                .First()
                                .At.Zip(series.First().Values, (x, y) => new ChartPoint(x, y)),
                        ]
            );

    private static async Task<IResult> ShowAsync(
        SweepReader sweeps,
        TrialReader trials,
        TimeProvider clock,
        string sweep,
        string? task,
        string? model,
        string? state,
        string? show,
        CancellationToken cancellation
    )
    {
        if (await SweepLookup.DetailAsync(sweeps, sweep, cancellation) is not { } found)
        {
            return SweepLookup.Missing(sweep);
        }

        Ids.TrySweep(found.Sweep, out var id);
        var view = SweepView.Of(
            found,
            await LossesAsync(trials, id, cancellation),
            new TableFilter(task, model, state, show == "all"),
            clock.GetUtcNow()
        );
        return new RazorComponentResult<SweepPage>(
            new Dictionary<string, object?> { [nameof(SweepPage.View)] = view }
        );
    }
}
