using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>The workers' endpoint in this process: the test says what it answers, and it keeps what it was told.</summary>
internal sealed class StubSilo : IAsyncDisposable
{
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentQueue<Lease> _leases = new();
    private readonly ConcurrentDictionary<long, Lease> _given = new();
    private readonly ConcurrentDictionary<long, bool> _ended = new();
    private readonly ConcurrentQueue<long> _stops = new();
    private WebApplication _app = null!;

    /// <summary>Its address, which survives <see cref="StopAsync"/>.</summary>
    public string Url { get; private set; } = "http://127.0.0.1:0";

    /// <summary>Id of the database behind it.</summary>
    public string Store { get; init; } = "a-test";

    /// <summary>Answers with this status instead, by the call's name; null: as a silo does.</summary>
    public Func<string, int?> Status { get; set; } = _ => null;

    /// <summary>Answers a sync with this status instead.</summary>
    public Func<SyncRequest, int?> SyncStatus { get; set; } = _ => null;

    /// <summary>Whether another worker of the host measures.</summary>
    public bool Quiet { get; set; }

    /// <summary>Finds fault with data.</summary>
    public Func<AttemptData, string?> Fault { get; set; } = _ => null;

    public ConcurrentQueue<JoinRequest> Joins { get; } = [];

    public ConcurrentQueue<SyncRequest> Syncs { get; } = [];

    /// <summary>Data that it took, in order.</summary>
    public ConcurrentQueue<AttemptData> Data { get; } = [];

    /// <summary>Ends that it recorded, in order; one that is told again, because its answer was overtaken, is recorded once.</summary>
    public ConcurrentQueue<Completion> Completions { get; } = [];

    /// <summary>Checkpoints that it keeps, by their hash.</summary>
    public ConcurrentDictionary<string, byte[]> Checkpoints { get; } = [];

    /// <summary>Data, hashes of checkpoints and ends in the order in which they came.</summary>
    public ConcurrentQueue<object> History { get; } = [];

    public static async Task<StubSilo> StartAsync()
    {
        var silo = new StubSilo();
        await silo.StartAgainAsync();
        return silo;
    }

    /// <summary>Gives a trial to the next worker that has room.</summary>
    public Lease Give(long token, TrialSpec? spec = null, StoredCheckpoint? resume = null)
    {
        var lease = new Lease(token * 10, token, 1, spec ?? SomeTrials.Trial(token), null)
        {
            Resume = resume,
        };
        _leases.Enqueue(lease);
        return lease;
    }

    /// <summary>Tells to stop an attempt.</summary>
    public void Stop(long token) => _stops.Enqueue(token);

    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Url);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Url = _app.Urls.First();
    }

    public ValueTask StopAsync() => _app.DisposeAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.Split('/');
        var call = path[^2] == "checkpoints" ? path[^2] : path[^1];
        if (Status(call) is { } status)
        {
            await RefuseAsync(http, status);
            return;
        }

        switch (call)
        {
            case "join":
                Joins.Enqueue(await ReadAsync(http, DomainJson.Default.JoinRequest));
                await SayAsync(
                    http,
                    new JoinReply(20, 5) { Store = Store },
                    DomainJson.Default.JoinReply
                );
                break;
            case "sync":
                await SyncAsync(http, await ReadAsync(http, DomainJson.Default.SyncRequest));
                break;
            case "ingest":
                await IngestAsync(http, await ReadAsync(http, DomainJson.Default.IngestRequest));
                break;
            case "checkpoints":
                await CheckpointAsync(http, path[^1]);
                break;
        }
    }

    private async Task SyncAsync(HttpContext http, SyncRequest request)
    {
        Syncs.Enqueue(request);
        if (SyncStatus(request) is { } status)
        {
            await RefuseAsync(http, status);
            return;
        }

        foreach (var completion in request.Completed)
        {
            _given.TryRemove(completion.Token, out _);
            if (_ended.TryAdd(completion.Token, true))
            {
                Completions.Enqueue(completion);
                History.Enqueue(completion);
            }
        }

        if (request.Completed.Count == 0 && _leases.IsEmpty && _stops.IsEmpty && !request.Draining)
        {
            await Task.Delay(Hold, http.RequestAborted);
        }

        for (var free = request.FreeSlots; free > 0 && _leases.TryDequeue(out var lease); free--)
        {
            _given[lease.Token] = lease;
        }

        List<long> stops = [];
        while (_stops.TryDequeue(out var stop))
        {
            stops.Add(stop);
        }

        foreach (var beat in request.Heartbeats)
        {
            _given.TryRemove(beat.Token, out _);
        }

        await SayAsync(
            http,
            new SyncReply
            {
                Leases = [.. _given.Values], // again, until it is named
                Stop = stops,
                Quiet = Quiet,
                Acknowledged = [.. request.Completed.Select(completion => completion.Token)],
            },
            DomainJson.Default.SyncReply
        );
    }

    private async Task CheckpointAsync(HttpContext http, string hash)
    {
        if (HttpMethods.IsPut(http.Request.Method))
        {
            using var bytes = new MemoryStream();
            await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
            Checkpoints[hash] = bytes.ToArray();
            History.Enqueue(hash);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (Checkpoints.TryGetValue(hash, out var kept))
        {
            await http.Response.Body.WriteAsync(kept, http.RequestAborted);
        }
        else
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound);
        }
    }

    private async Task IngestAsync(HttpContext http, IngestRequest request)
    {
        List<IngestFault> faults = [];
        foreach (var data in request.Attempts)
        {
            if (Fault(data) is { } fault)
            {
                faults.Add(new IngestFault(data.Token, fault));
            }
            else
            {
                Data.Enqueue(data);
                History.Enqueue(data);
            }
        }

        await SayAsync(
            http,
            new IngestReply([]) { Faults = faults },
            DomainJson.Default.IngestReply
        );
    }

    private static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) =>
        (await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted))!;

    private static Task SayAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type)
    {
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync($"The test answers {status}.", http.RequestAborted);
    }
}
