using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Harness.EndToEnd.Tests.Telemetry;

/// <summary>A collector in this process: takes OTLP over HTTP with protobuf, and keeps what it was sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _ending = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    public ConcurrentQueue<ReceivedMetric> Metrics { get; } = [];

    public ConcurrentQueue<ReceivedLog> Logs { get; } = [];

    /// <summary>What could not be read, and requests at other addresses.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    /// <summary>What requests showed as <c>Authorization</c>.</summary>
    public ConcurrentQueue<string> Tokens { get; } = [];

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string Endpoint => _app.Urls.First();

    /// <summary>Starts one on a free port of this machine.</summary>
    /// <param name="answer">Instead of taking what comes, e.g. a status; null: takes it.</param>
    public static async Task<OtlpReceiver> StartAsync(
        Func<HttpContext, CancellationToken, Task>? answer = null
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        // One that hangs on purpose must not hold up its test's end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(http => receiver.TakeAsync(http, answer));
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Takes requests, and never answers one.</summary>
    public static Task HangAsync(HttpContext http, CancellationToken ending) =>
        Task.Delay(
            Timeout.Infinite,
            CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, ending).Token
        );

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _app.DisposeAsync();
        _ending.Dispose();
    }

    private async Task TakeAsync(
        HttpContext http,
        Func<HttpContext, CancellationToken, Task>? answer
    )
    {
        Tokens.Enqueue(http.Request.Headers.Authorization.ToString());
        if (answer is not null)
        {
            await answer(http, _ending.Token);
            return;
        }

        // Also of a sender that did not wait for the answer.
        var body = await ByteString.FromStreamAsync(http.Request.Body, _ending.Token);
        try
        {
            Keep(http.Request.Path, ProtoMessage.Read(body));
        }
        catch (Exception fault)
        {
            Faults.Enqueue($"{http.Request.Path} {http.Request.ContentType}: {fault.Message}");
        }

        // An empty message is the answer that says: all of it was taken.
        http.Response.ContentType = "application/x-protobuf";
    }

    private void Keep(string path, ProtoMessage request)
    {
        switch (path)
        {
            case "/v1/traces":
                Add(Spans, Otlp.Spans(request));
                break;
            case "/v1/metrics":
                Add(Metrics, Otlp.Metrics(request));
                break;
            case "/v1/logs":
                Add(Logs, Otlp.Logs(request));
                break;
            default:
                throw new InvalidDataException("nothing is sent there");
        }
    }

    private static void Add<T>(ConcurrentQueue<T> all, IEnumerable<T> more)
    {
        foreach (var one in more)
        {
            all.Enqueue(one);
        }
    }
}
