using Harness.Dashboard.Access;
using Harness.Dashboard.Sweeps;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Storage.Readers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harness.Dashboard.Reports;

/// <summary>Reports of a sweep as one file: HTML, Markdown or JSON.</summary>
public static class ReportApi
{
    /// <summary>Adds <c>GET /api/v1/sweeps/{sweep}/report.{html,md,json}</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/sweeps/{sweep}/report.{form:regex(^(html|md|json)$)}", MakeAsync)
            .RequireAuthorization(Policies.Read);

    private static async Task<IResult> MakeAsync(
        SweepReader sweeps,
        TrialReader trials,
        TimeProvider clock,
        string sweep,
        string form,
        HttpResponse response,
        CancellationToken cancellation
    )
    {
        if (await SweepLookup.DetailAsync(sweeps, sweep, cancellation) is not { } found)
        {
            return SweepLookup.Missing(sweep);
        }

        if (form == "json")
        {
            return TypedResults.Json(
                new SweepReportDocument(found, SweepReport.Of(found)),
                DomainJson.Default.SweepReportDocument
            );
        }

        Ids.TrySweep(found.Sweep, out var id);
        var view = ReportView.Of(
            found,
            await SweepPages.LossesAsync(trials, id, cancellation),
            clock.GetUtcNow()
        );
        if (form == "md")
        {
            return TypedResults.Text(ReportMarkdown.Of(view), "text/markdown; charset=utf-8");
        }

        response.Headers.ContentSecurityPolicy = ReportPolicy.Text + "; frame-ancestors 'none'";
        return new RazorComponentResult<ReportPage>(
            new Dictionary<string, object?> { [nameof(ReportPage.View)] = view }
        );
    }
}
