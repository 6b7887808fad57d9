using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Domain;
using Harness.Domain.Workers;

namespace Harness.Worker.Silo;

/// <summary>A silo did not take a message; the same message may be sent again.</summary>
/// <param name="message">Why.</param>
/// <param name="inner">Cause.</param>
public sealed class SiloAwayException(string message, Exception? inner = null)
    : Exception(message, inner);

/// <summary>The silo refuses a message for good: the same message need not be sent again.</summary>
/// <param name="message">What the silo said of it.</param>
public sealed class MessageRefusedException(string message) : Exception(message);

/// <summary>The silo has forgotten this worker: it is to join again.</summary>
/// <param name="message">As the silo said it.</param>
public sealed class WorkerUnknownException(string message) : Exception(message);

/// <summary>The workers' endpoint of any silo. Every call is idempotent and may be repeated.</summary>
public sealed class SiloClient : IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15); // a held sync takes 4 s

    private readonly HttpClient _http = new() { Timeout = CallLimit };
    private readonly IReadOnlyList<Uri> _silos;
    private int _current;

    /// <summary>Speaks to the first silo that answers.</summary>
    public SiloClient(WorkerSettings settings)
    {
        _silos = settings.Silos;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            settings.JoinToken
        );
    }

    /// <summary>Registers this worker.</summary>
    public Task<JoinReply> JoinAsync(JoinRequest request, CancellationToken cancellation) =>
        SendAsync(
            "join",
            request,
            DomainJson.Default.JoinRequest,
            DomainJson.Default.JoinReply,
            cancellation
        );

    /// <summary>Heartbeats, completions, leases.</summary>
    public Task<SyncReply> SyncAsync(SyncRequest request, CancellationToken cancellation) =>
        SendAsync(
            "sync",
            request,
            DomainJson.Default.SyncRequest,
            DomainJson.Default.SyncReply,
            cancellation
        );

    /// <summary>What attempts measured.</summary>
    public Task<IngestReply> IngestAsync(IngestRequest request, CancellationToken cancellation) =>
        SendAsync(
            "ingest",
            request,
            DomainJson.Default.IngestRequest,
            DomainJson.Default.IngestReply,
            cancellation
        );

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<TReply> SendAsync<TRequest, TReply>(
        string call,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TReply> replyType,
        CancellationToken cancellation
    )
    {
        var silo = _silos[_current % _silos.Count];
        try
        {
            using var content = JsonContent.Create(request, requestType);
            using var answer = await _http.PostAsync(
                new Uri(silo, $"worker/v1/{call}"),
                content,
                cancellation
            );
            if (answer.IsSuccessStatusCode)
            {
                return (await answer.Content.ReadFromJsonAsync(replyType, cancellation))!;
            }

            throw Refusal(silo, answer.StatusCode, await ReasonAsync(answer, cancellation));
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException or JsonException
                || (error is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            _current++;
            throw new SiloAwayException($"{silo} does not answer: {error.Message}", error);
        }
    }

    private Exception Refusal(Uri silo, HttpStatusCode status, string reason)
    {
        switch (status)
        {
            case HttpStatusCode.Unauthorized
            or HttpStatusCode.Forbidden
            or HttpStatusCode.UpgradeRequired:
                return new HarnessException($"The silo {silo} refuses this worker: {reason}");
            case HttpStatusCode.BadRequest
            or HttpStatusCode.RequestEntityTooLarge
            or HttpStatusCode.UnprocessableContent:
                return new MessageRefusedException(reason);
            case HttpStatusCode.Conflict:
                return new WorkerUnknownException(reason);
            default:
                _current++;
                return new SiloAwayException($"{silo} answered {(int)status}: {reason}");
        }
    }

    /// <summary>What an answer says was wrong.</summary>
    internal static async Task<string> ReasonAsync(
        HttpResponseMessage answer,
        CancellationToken cancellation
    )
    {
        var body = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            var problem = JsonSerializer.Deserialize(body, DomainJson.Default.ProblemDocument);
            return problem?.Detail ?? problem?.Title ?? body;
        }
        catch (JsonException)
        {
            return body.Length == 0
                ? answer.ReasonPhrase ?? "no reason"
                : body[..Math.Min(body.Length, 500)];
        }
    }
}
