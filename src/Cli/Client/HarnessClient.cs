using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Cli.Output;
using Harness.Domain;

namespace Harness.Cli.Client;

/// <summary>The people's API, <c>/api/v1</c>.</summary>
public sealed class HarnessClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Speaks to the API at that URL.</summary>
    public HarnessClient(string url, string token)
    {
        Url = url.TrimEnd('/');
        // Streams stay open for as long as a sweep runs; each other call has a limit of its own.
        _http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        (Token, _http.BaseAddress) = (token, new Uri(Url + "/api/v1/"));
    }

    /// <summary>URL of pages and API.</summary>
    public string Url { get; }

    /// <summary>The token.</summary>
    public string Token { get; }

    /// <summary>A page that opens without asking for the token.</summary>
    public string Link(string page) => $"{Url}/{page}?token={Token}";

    /// <summary>Reads a document.</summary>
    public async Task<T> GetAsync<T>(
        string path,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        using var answer = await OpenAsync(path, cancellation);
        return await ReadAsync(answer, type, cancellation);
    }

    /// <summary>Posts a document, or nothing, and reads the answer.</summary>
    public Task<T> PostAsync<T>(
        string path,
        string? body,
        string mediaType,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    ) => AskAsync(HttpMethod.Post, path, body, mediaType, type, cancellation);

    /// <summary>Changes a part of something and reads the answer.</summary>
    public Task<T> PatchAsync<T>(
        string path,
        string body,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    ) => AskAsync(HttpMethod.Patch, path, body, "application/json", type, cancellation);

    /// <summary>Removes something and reads what went.</summary>
    public Task<T> DeleteAsync<T>(
        string path,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    ) => AskAsync(HttpMethod.Delete, path, null, "application/json", type, cancellation);

    /// <summary>Posts a file and reads the answer.</summary>
    public async Task<T> UploadAsync<T>(
        string path,
        Stream file,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StreamContent(file),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var answer = await SendAsync(request, cancellation);
        return await ReadAsync(answer, type, cancellation);
    }

    /// <summary>Opens an answer to be streamed.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, cancellation);
    }

    /// <summary>Copies an answer to a stream.</summary>
    public async Task CopyAsync(string path, Stream target, CancellationToken cancellation)
    {
        using var answer = await OpenAsync(path, cancellation);
        await answer.Content.CopyToAsync(target, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(
        HttpMethod method,
        string path,
        string? body,
        string mediaType,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, mediaType),
        };
        using var answer = await SendAsync(request, cancellation);
        return await ReadAsync(answer, type, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellation
    )
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation
            );
        }
        catch (HttpRequestException error)
        {
            throw new HarnessException(
                $"The harness at {Url} does not answer ({error.Message.TrimEnd('.')}): start one with `harness up`, or check --server.",
                HarnessException.Infrastructure,
                error
            );
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await FaultAsync(answer, cancellation);
        }
    }

    private async Task<Exception> FaultAsync(
        HttpResponseMessage answer,
        CancellationToken cancellation
    )
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new HarnessException(
                $"The harness at {Url} refuses the token: set HARNESS_TOKEN to the one that was printed when it was started."
            );
        }

        var text = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            var problem = JsonSerializer.Deserialize(text, DomainJson.Default.ProblemDocument)!;
            var sentence = problem.Detail ?? problem.Title;
            return new ProblemException(
                problem,
                problem.Errors switch
                {
                    [] => sentence,
                    [var only] when only.Message == sentence => sentence + ProblemText.WayOut(only),
                    var several => $"{sentence}\n{ProblemText.Of("input", "", several)}",
                }
            );
        }
        catch (JsonException)
        {
            return new HarnessException(
                $"The harness at {Url} answered {(int)answer.StatusCode} {answer.ReasonPhrase}: see the dashboard's log."
            );
        }
    }

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage answer,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        try
        {
            return (await JsonSerializer.DeserializeAsync(stream, type, cancellation))!;
        }
        catch (JsonException error)
        {
            throw new HarnessException(
                "The server answered in a form that this command line does not know: use the version of the server.",
                HarnessException.Infrastructure,
                error
            );
        }
    }
}
