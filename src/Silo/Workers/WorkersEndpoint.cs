using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Domain;
using Harness.Domain.Workers;
using Harness.Grains.Workers;
using Harness.Silo.Checkpoints;
using Harness.Storage.Metrics;

namespace Harness.Silo.Workers;

/// <summary>The workers' endpoint. Every message is untrusted: it is bounded here, and fenced where it is stored.</summary>
internal static class WorkersEndpoint
{
    private const int JoinLimit = 256 * 1024;
    private const int SyncLimit = 8 * 1024 * 1024;
    private const int IngestLimit = 16 * 1024 * 1024;
    private const int MaxAttempts = 1_024;

    /// <summary>Maps <c>/worker/v1/join</c>, <c>/sync</c>, <c>/ingest</c> and <c>/checkpoints</c>.</summary>
    /// <param name="app">The host.</param>
    /// <param name="token">Token that workers must show, or null.</param>
    public static void MapWorkers(this IEndpointRouteBuilder app, string? token)
    {
        var workers = app.MapGroup("/worker/v1").AddEndpointFilter(new JoinTokenFilter(token));
        workers.MapPost("/join", JoinAsync).WithBodyLimit(JoinLimit);
        workers.MapPost("/sync", SyncAsync).WithBodyLimit(SyncLimit);
        workers.MapPost("/ingest", IngestAsync).WithBodyLimit(IngestLimit);
        CheckpointEndpoint.Map(workers);
    }

    private static Task<IResult> JoinAsync(HttpContext http, IGrainFactory grains) =>
        Answers.ForAsync(async () =>
        {
            using var document = await JsonDocument.ParseAsync(
                http.Request.Body,
                cancellationToken: http.RequestAborted
            );
            // Before anything else: a newer worker's message may have members that this silo refuses.
            if (Protocol(document) is var protocol && protocol != WorkerProtocol.Version)
            {
                return Answers.WrongProtocol(protocol);
            }

            var request = document.Deserialize(DomainJson.Default.JoinRequest)!;
            var reply = await grains
                .GetGrain<IWorkerGrain>(Key(request.WorkerId))
                .JoinAsync(request);
            return Results.Json(reply, DomainJson.Default.JoinReply);
        });

    private static Task<IResult> SyncAsync(HttpContext http, IGrainFactory grains) =>
        Answers.ForAsync(async () =>
        {
            var request = await ReadAsync(http, DomainJson.Default.SyncRequest);
            var reply = await grains
                .GetGrain<IWorkerGrain>(Key(request.WorkerId))
                .SyncAsync(request);
            return Results.Json(reply, DomainJson.Default.SyncReply);
        });

    private static Task<IResult> IngestAsync(HttpContext http, MetricStore store) =>
        Answers.ForAsync(async () =>
        {
            var request = await ReadAsync(http, DomainJson.Default.IngestRequest);
            Key(request.WorkerId);
            if (request.Attempts.Count > MaxAttempts)
            {
                throw new BadHttpRequestException(
                    $"An ingest carries {MaxAttempts} attempts at most: send the rest in another."
                );
            }

            var reply = await store.AppendAsync(request, http.RequestAborted);
            IngestMeter.Count(request, reply);
            return Results.Json(reply, DomainJson.Default.IngestReply);
        });

    private static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) =>
        await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted)
        ?? throw new JsonException("The message is null.");

    private static int Protocol(JsonDocument document) =>
        document.RootElement.ValueKind == JsonValueKind.Object
        && document.RootElement.TryGetProperty("protocol", out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var protocol)
            ? protocol
            : throw new JsonException("A join says its protocol as a whole number.");

    // The id becomes a grain's key, so it is checked before a grain wakes for it.
    private static string Key(string id) =>
        id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? id
            : throw new BadHttpRequestException(
                "A worker's id has letters, digits and hyphens, at most 64."
            );
}
