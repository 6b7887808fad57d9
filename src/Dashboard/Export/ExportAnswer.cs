using System.Buffers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Harness.Dashboard.Export;

/// <summary>A view as a file, sent while it is read. What breaks on the way breaks the connection: no half file looks whole.</summary>
public sealed class ExportAnswer(ViewReader views, Dataset dataset, long? sweep, string format)
    : IResult
{
    private const int FlushAt = 64 * 1024;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        try
        {
            await views.ReadAsync(
                dataset,
                sweep,
                async rows =>
                {
                    response.ContentType =
                        format == "csv"
                            ? "text/csv; charset=utf-8; header=present"
                            : "application/jsonl; charset=utf-8";
                    response.Headers.ContentDisposition =
                        $"attachment; filename=\"{dataset.Name}{(sweep is { } id ? $"-S-{id}" : "")}.{format}\"";
                    await (
                        format == "csv"
                            ? CsvAsync(rows, response, httpContext.RequestAborted)
                            : JsonLinesAsync(rows, response, httpContext.RequestAborted)
                    );
                },
                httpContext.RequestAborted
            );
        }
        catch (Exception) when (response.HasStarted)
        {
            httpContext.Abort();
            throw;
        }
    }

    private static async Task CsvAsync(
        NpgsqlDataReader rows,
        HttpResponse response,
        CancellationToken cancellation
    )
    {
        var columns = Column.Of(rows);
        var text = new StringBuilder();
        Csv.Line(text, columns.Select(column => column.Name));
        while (await rows.ReadAsync(cancellation))
        {
            Csv.Line(text, columns.Select(column => column.Field(rows)));
            if (text.Length > FlushAt)
            {
                await response.WriteAsync(text.ToString(), cancellation);
                text.Clear();
            }
        }

        await response.WriteAsync(text.ToString(), cancellation);
    }

    private static async Task JsonLinesAsync(
        NpgsqlDataReader rows,
        HttpResponse response,
        CancellationToken cancellation
    )
    {
        var columns = Column.Of(rows);
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        while (await rows.ReadAsync(cancellation))
        {
            writer.WriteStartObject();
            foreach (var column in columns)
            {
                column.Json(writer, rows);
            }

            writer.WriteEndObject();
            await writer.FlushAsync(cancellation);
            writer.Reset();
            response.BodyWriter.Write("\n"u8);
            if (response.BodyWriter.UnflushedBytes > FlushAt)
            {
                await response.BodyWriter.FlushAsync(cancellation);
            }
        }
    }
}
