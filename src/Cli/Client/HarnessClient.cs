using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Cli.Launcher;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Client;

/// <summary>The people's API. An answer that is a problem becomes a message and the exit code that belongs to it.</summary>
public sealed class HarnessClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _token;

    /// <summary>Speaks to that server.</summary>
    /// <param name="url">Base URL.</param>
    /// <param name="token">Token of the API.</param>
    public HarnessClient(string url, string token)
    {
        _token = token;
        // A stream of events is open for as long as a sweep runs; single calls have a limit of their own.
        _http = new HttpClient
        {
            BaseAddress = new Uri(url.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The server that options and environment name: a cluster, or what runs on the data folder.</summary>
    public static HarnessClient Open(string? server, string folder)
    {
        if (server is { Length: > 0 })
        {
            var token =
                Environment.GetEnvironmentVariable("HARNESS_TOKEN")
                ?? throw new HarnessException(
                    "--server needs a token: set HARNESS_TOKEN.",
                    HarnessException.BadInput
                );
            return new HarnessClient(server, token);
        }

        var connection = Connection.Read(folder);
        return new HarnessClient(connection.Url, File.ReadAllText(connection.TokenFile).Trim());
    }

    /// <summary>A link for a browser: it logs in once.</summary>
    public string Link(string path) => $"{_http.BaseAddress}{path}?token={_token}";

    /// <summary>GET of a JSON answer.</summary>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellation);

    /// <summary>POST with a JSON body, or none.</summary>
    public Task<T> PostAsync<T>(
        string path,
        string? json,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    ) => SendAsync(Post(path, json ?? "{}", "application/json"), type, cancellation);

    /// <summary>Submits a sweep file.</summary>
    public Task<SubmitReply> SubmitAsync(
        string text,
        IEnumerable<string> settings,
        bool dryRun,
        CancellationToken cancellation
    )
    {
        var query = settings
            .Select(pair => $"set={Uri.EscapeDataString(pair)}")
            .Append($"dry_run={(dryRun ? "true" : "false")}");
        return SendAsync(
            Post($"api/v1/sweeps?{string.Join('&', query)}", text, "application/yaml"),
            DomainJson.Default.SubmitReply,
            cancellation
        );
    }

    /// <summary>A text, a page or an export as it comes.</summary>
    public async Task CopyAsync(string path, Stream output, CancellationToken cancellation)
    {
        using var answer = await AnswerAsync(
            new HttpRequestMessage(HttpMethod.Get, path),
            cancellation
        );
        await answer.Content.CopyToAsync(output, cancellation);
    }

    /// <summary>Summaries of a sweep, one at each change, until it has ended.</summary>
    public async IAsyncEnumerable<SweepSummary> WatchAsync(
        string sweep,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        using var answer = await AnswerAsync(
            new HttpRequestMessage(HttpMethod.Get, $"api/v1/sweeps/{sweep}/events"),
            cancellation
        );
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        var isSummary = false;
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event:", StringComparison.Ordinal))
            {
                isSummary = line[6..].Trim() == "summary";
            }
            else if (isSummary && line.StartsWith("data:", StringComparison.Ordinal))
            {
                yield return JsonSerializer.Deserialize(
                    line[5..].Trim(),
                    DomainJson.Default.SweepSummary
                )!;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Post(string path, string body, string type) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };

    private async Task<T> SendAsync<T>(
        HttpRequestMessage request,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        using var answer = await AnswerAsync(request, cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        return (await JsonSerializer.DeserializeAsync(body, type, cancellation))!;
    }

    private async Task<HttpResponseMessage> AnswerAsync(
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
                $"{_http.BaseAddress} does not answer ({error.Message.TrimEnd('.')}): is the server up?",
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
            throw Problem(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
        }
    }

    private static Exception Problem(HttpStatusCode status, string body)
    {
        var code = (int)status is >= 400 and < 500 and not 401 and not 403
            ? HarnessException.BadInput
            : HarnessException.Infrastructure;
        ProblemDocument? problem;
        try
        {
            problem = JsonSerializer.Deserialize(body, DomainJson.Default.ProblemDocument);
        }
        catch (JsonException)
        {
            problem = null;
        }

        if (problem is { Errors.Count: > 0 })
        {
            return new SpecException(problem.Errors);
        }

        return new HarnessException(
            problem?.Detail ?? problem?.Title ?? $"The server answered {(int)status} {status}.",
            code
        );
    }
}

/// <summary>A sweep file with mistakes.</summary>
/// <param name="problems">All of them.</param>
public sealed class SpecException(IReadOnlyList<SpecProblem> problems)
    : Exception("The sweep file has mistakes.")
{
    /// <summary>All mistakes.</summary>
    public IReadOnlyList<SpecProblem> Problems { get; } = problems;
}
