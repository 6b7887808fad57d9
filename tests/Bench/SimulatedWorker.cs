using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Bench;

/// <summary>An attempt that a simulated worker holds.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Token">The attempt.</param>
internal readonly record struct Held(long Trial, long Token);

/// <summary>A worker without processes: it speaks <c>/worker/v1</c> as a real one does, and its trials end at once.</summary>
/// <param name="silo">The workers' endpoint.</param>
/// <param name="joinToken">Its token.</param>
/// <param name="number">Tells it from the others.</param>
/// <param name="slots">Attempts at a time.</param>
internal sealed class SimulatedWorker(Uri silo, string joinToken, int number, int slots)
    : IDisposable
{
    private static readonly SortedDictionary<string, string> Runtime = new(StringComparer.Ordinal)
    {
        ["build"] = "0.0.0.0",
        ["dotnet"] = Environment.Version.ToString(),
    };

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = silo,
        Timeout = TimeSpan.FromSeconds(30),
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Bearer", joinToken),
        },
    };
    private readonly string _id = string.Create(
        CultureInfo.InvariantCulture,
        $"simulated-{number}-{Stopwatch.GetTimestamp():x}"
    );

    /// <summary>Registers it, on a host of its own.</summary>
    public async Task JoinAsync() =>
        await PostAsync(
            "join",
            new JoinRequest
            {
                Protocol = WorkerProtocol.Version,
                WorkerId = _id,
                Name = _id,
                HostId = _id,
                Slots = slots,
                Cores = slots,
                MemoryBytes = 1L << 40,
                Hardware = new(StringComparer.Ordinal) { ["cpu"] = "simulated" },
                Runtime = Runtime,
                Data = new(StringComparer.Ordinal),
            },
            DomainJson.Default.JoinRequest
        );

    /// <summary>Says that all of those ended.</summary>
    /// <param name="ended">What it held.</param>
    /// <param name="asks">Whether it asks for as many as it has slots.</param>
    /// <returns>What it is to run next, and how many ends were acknowledged.</returns>
    public async Task<(List<Held> Leased, int Acknowledged)> SyncAsync(
        IReadOnlyList<Held> ended,
        bool asks = true
    )
    {
        var reply = await PostAsync(
            "sync",
            new SyncRequest
            {
                WorkerId = _id,
                Completed = [.. ended.Select(Completed)],
                Heartbeats = [],
                FreeSlots = asks ? slots : 0,
            },
            DomainJson.Default.SyncRequest
        );
        return Read(reply);
    }

    /// <summary>Keeps what it holds alive.</summary>
    public async Task BeatAsync(IReadOnlyList<Held> held) =>
        await PostAsync(
            "sync",
            new SyncRequest
            {
                WorkerId = _id,
                Completed = [],
                Heartbeats =
                [
                    .. held.Select(attempt => new Heartbeat(attempt.Trial, attempt.Token, 1, true)),
                ],
                FreeSlots = 0,
            },
            DomainJson.Default.SyncRequest
        );

    /// <summary>Hands in what its attempts measured.</summary>
    public async Task IngestAsync(IReadOnlyList<AttemptData> data)
    {
        var reply = await PostAsync(
            "ingest",
            new IngestRequest { WorkerId = _id, Attempts = data },
            DomainJson.Default.IngestRequest
        );
        var refused = JsonSerializer.Deserialize(reply, DomainJson.Default.IngestReply)!.Refused;
        if (refused.Count > 0)
        {
            throw new InvalidOperationException("points of a live attempt were refused");
        }
    }

    public void Dispose() => _http.Dispose();

    private static Completion Completed(Held attempt) =>
        new()
        {
            TrialId = attempt.Trial,
            Token = attempt.Token,
            State = AttemptState.Completed,
            CpuSeconds = 0.05,
            Runtime = Runtime,
            Result = new TrainerResult(
                TrialOutcome.Ok,
                new(StringComparer.Ordinal) { ["cpu_seconds"] = 0.05, ["wall_seconds"] = 0.06 },
                null,
                null,
                null
            ),
        };

    private async Task<byte[]> PostAsync<T>(string call, T message, JsonTypeInfo<T> type)
    {
        using var content = new ByteArrayContent(
            JsonSerializer.SerializeToUtf8Bytes(message, type)
        );
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PostAsync($"worker/v1/{call}", content);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode
            ? body
            : throw new HttpRequestException(
                $"{call}: {(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}"
            );
    }

    // Only what it needs: a worker of a benchmark shares the cores with what is measured.
    private static (List<Held> Leased, int Acknowledged) Read(byte[] reply)
    {
        var leased = new List<Held>();
        var acknowledged = 0;
        var json = new Utf8JsonReader(reply);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            if (name == "leases")
            {
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    leased.Add(Lease(ref json));
                }
            }
            else if (name == "acknowledged")
            {
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    acknowledged++;
                }
            }
            else
            {
                json.Skip();
            }
        }

        return (leased, acknowledged);
    }

    private static Held Lease(ref Utf8JsonReader json)
    {
        var (trial, token) = (0L, 0L);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var isTrial = json.ValueTextEquals("trial_id"u8);
            var isToken = json.ValueTextEquals("token"u8);
            json.Read();
            if (isTrial)
            {
                trial = json.GetInt64();
            }
            else if (isToken)
            {
                token = json.GetInt64();
            }
            else
            {
                json.Skip();
            }
        }

        return new Held(trial, token);
    }
}
