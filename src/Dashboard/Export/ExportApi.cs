using Harness.Dashboard.Access;
using Harness.Dashboard.Problems;
using Harness.Dashboard.Sweeps;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Export;

/// <summary>Whole views as files, unsampled.</summary>
public static class ExportApi
{
    private static readonly string[] Formats = ["csv", "jsonl"];

    /// <summary>Adds <c>GET /api/v1/export/{dataset}</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/export/{dataset}", HandleAsync).RequireAuthorization(Policies.Read);

    private static async Task<IResult> HandleAsync(
        SweepReader sweeps,
        ViewReader views,
        string dataset,
        string? sweep,
        string? format,
        CancellationToken cancellation
    )
    {
        if (Dataset.All.FirstOrDefault(one => one.Name == dataset) is not { } found)
        {
            return ProblemAnswer.NotFound(
                $"export {dataset}",
                [.. Dataset.All.Select(one => one.Name)],
                dataset
            );
        }

        var form = string.IsNullOrEmpty(format) ? "csv" : format;
        if (!Formats.Contains(form))
        {
            return ProblemAnswer.BadQuery(
                $"'format' is '{form}', which is not written.",
                Formats,
                "format",
                form
            );
        }

        long? id = null;
        if (!string.IsNullOrEmpty(sweep))
        {
            id = await SweepLookup.IdAsync(sweeps, sweep, cancellation);
            if (id is null || await sweeps.SpecKeyAsync(id.Value, cancellation) is null)
            {
                return SweepLookup.Missing(sweep);
            }
        }

        return new ExportAnswer(views, found, id, form);
    }
}
