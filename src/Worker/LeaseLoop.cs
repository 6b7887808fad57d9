using System.Collections.Concurrent;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Worker.Attempts;
using Harness.Worker.Silo;

namespace Harness.Worker;

/// <summary>Joins, takes leases, runs attempts, hands in what they measured and how they ended.</summary>
/// <param name="settings">What the environment told.</param>
/// <param name="silo">The workers' endpoint.</param>
/// <param name="logger">Log.</param>
public sealed partial class LeaseLoop(
    WorkerSettings settings,
    SiloClient silo,
    ILogger<LeaseLoop> logger
) : BackgroundService
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IngestBeat = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, Attempt> _running = new();
    private readonly ConcurrentDictionary<long, Completion> _ended = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly SemaphoreSlim _ingesting = new(1);
    private readonly Random _jitter = new(Environment.ProcessId);
    private readonly SignOfLife _life = new(settings.Scratch);
    private bool _joined;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CleanScratch();
        await PatientlyAsync(() => JoinAsync(stoppingToken), stoppingToken);
        if (!_joined)
        {
            return; // asked to stop before: the silo does not know this worker, and there is nothing to hand back
        }

        using var ingestStop = new CancellationTokenSource();
        var ingest = IngestRegularlyAsync(ingestStop.Token);
        while (!stoppingToken.IsCancellationRequested)
        {
            await PatientlyAsync(() => SyncAsync(draining: false, stoppingToken), stoppingToken);
        }

        await DrainAsync();
        await ingestStop.CancelAsync();
        await ingest;
    }

    private async Task JoinAsync(CancellationToken cancellation)
    {
        var request = new JoinRequest
        {
            Protocol = WorkerProtocol.Version,
            WorkerId = settings.Id,
            Name = settings.Name,
            HostId = settings.HostId,
            Slots = settings.Slots,
            Cores = settings.Cores,
            MemoryBytes = settings.MemoryBytes,
            Hardware = HostFacts.Hardware(),
            Runtime = HostFacts.Runtime(),
            Data = HostFacts.Data(),
        };
        var reply = await silo.JoinAsync(request, cancellation);
        _joined = true;
        LogJoined(settings.Id, settings.Slots, reply.LeaseSeconds);
    }

    private async Task SyncAsync(bool draining, CancellationToken cancellation)
    {
        var completed = _ended.Values.ToList();
        var request = new SyncRequest
        {
            WorkerId = settings.Id,
            Completed = completed,
            Heartbeats = [.. _running.Values.Select(attempt => attempt.Heartbeat())],
            FreeSlots = draining ? 0 : Math.Max(0, settings.Slots - _running.Count),
            Draining = draining,
        };

        // An attempt that ends during the long poll is told by a newer call, at which the silo answers the older one.
        var call = silo.SyncAsync(request, cancellation);
        using var overtaken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var news = _news.WaitAsync(overtaken.Token);
        if (
            await Task.WhenAny(call, news) == news
            && news.IsCompletedSuccessfully
            && !call.IsCompleted
        )
        {
            _ = ApplyLateAsync(call);
            return;
        }

        await overtaken.CancelAsync();
        Apply(await call);
    }

    private async Task ApplyLateAsync(Task<SyncReply> call)
    {
        try
        {
            Apply(await call);
        }
        catch (Exception lost)
            when (lost is SiloAwayException or WorkerUnknownException or OperationCanceledException)
        {
            // What it would have said is said again to the newer call.
        }
    }

    private void Apply(SyncReply reply)
    {
        _life.Touch();
        foreach (var token in reply.Acknowledged)
        {
            _ended.TryRemove(token, out _);
        }

        foreach (var token in reply.Stop)
        {
            if (_running.TryGetValue(token, out var attempt))
            {
                LogStopped(attempt.Lease.TrialId, token);
                attempt.Stop(AttemptState.Cancelled);
            }
        }

        foreach (
            var lease in reply.Leases.Where(lease =>
                !_running.ContainsKey(lease.Token) && !_ended.ContainsKey(lease.Token)
            )
        )
        {
            Begin(lease);
        }
    }

    private void Begin(Lease lease)
    {
        var attempt = new Attempt(lease, settings);
        if (!_running.TryAdd(lease.Token, attempt))
        {
            return;
        }

        LogLeased(lease.TrialId, lease.Token, lease.Number);
        _ = Task.Run(async () =>
        {
            Completion completion;
            try
            {
                completion = await attempt.RunAsync();
                // Data first: a trial that has succeeded is whole.
                await PatientlyAsync(() => HandInAsync(attempt), CancellationToken.None);
            }
            catch (Exception error)
            {
                // Whatever went wrong is told as the attempt's end: a lease that nobody ends would be renewed for ever.
                LogBroken(error, lease.TrialId, lease.Token);
                completion = attempt.Broken(error);
            }

            LogEnded(lease.TrialId, lease.Token, completion.State, completion.Message ?? "");
            _ended[lease.Token] = completion;
            _running.TryRemove(lease.Token, out _);
            attempt.Dispose();
            _news.Release();
        });
    }

    private async Task IngestRegularlyAsync(CancellationToken cancellation)
    {
        using var beat = new PeriodicTimer(IngestBeat);
        try
        {
            while (await beat.WaitForNextTickAsync(cancellation))
            {
                foreach (var attempt in _running.Values)
                {
                    try
                    {
                        await SendAsync(attempt);
                    }
                    catch (SiloAwayException)
                    {
                        // The attempt keeps what it measured; the next beat tries again.
                    }
                    catch (HarnessException refused)
                    {
                        // Told at the attempt's end; the other attempts go on.
                        LogAway(refused.Message);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The worker stops.
        }
    }

    private async Task HandInAsync(Attempt attempt)
    {
        while (!attempt.Buffer.IsEmpty)
        {
            await SendAsync(attempt);
        }
    }

    // One message at a time: what was taken belongs to the message until it is acknowledged.
    private async Task SendAsync(Attempt attempt)
    {
        await _ingesting.WaitAsync();
        try
        {
            if (attempt.Buffer.Take() is not { } data)
            {
                return;
            }

            var reply = await silo.IngestAsync(
                new IngestRequest { WorkerId = settings.Id, Attempts = [data] },
                CancellationToken.None
            );
            if (reply.Refused.Contains(attempt.Lease.Token))
            {
                attempt.Buffer.Drop();
                attempt.Stop(AttemptState.Cancelled);
            }
            else
            {
                attempt.Buffer.Acknowledge();
            }
        }
        finally
        {
            _ingesting.Release();
        }
    }

    // Hands everything back: what still runs is drained, and told to the silo within the limit.
    private async Task DrainAsync()
    {
        using var limit = new CancellationTokenSource(DrainLimit);
        foreach (var attempt in _running.Values)
        {
            attempt.Stop(AttemptState.Drained);
        }

        try
        {
            while (!_running.IsEmpty)
            {
                await _news.WaitAsync(limit.Token);
            }

            await PatientlyAsync(() => SyncAsync(draining: true, limit.Token), limit.Token);
        }
        catch (OperationCanceledException)
        {
            LogDrainedLate(_running.Count);
        }
    }

    // A silo that is away costs no attempt: the call is repeated with a growing, jittered pause.
    private async Task PatientlyAsync(Func<Task> call, CancellationToken cancellation)
    {
        var joins = false;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                if (joins)
                {
                    await JoinAsync(cancellation);
                    joins = false;
                }

                await call();
                return;
            }
            catch (WorkerUnknownException forgotten)
            {
                LogAway(forgotten.Message);
                joins = true;
            }
            catch (SiloAwayException away)
            {
                LogAway(away.Message);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await Task.Delay(pause * (0.5 + _jitter.NextDouble()), cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // Folders of attempts whose worker died: nobody will come back for them.
    private void CleanScratch()
    {
        Directory.CreateDirectory(settings.Scratch);
        foreach (var folder in Directory.GetDirectories(settings.Scratch, "attempt-*"))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
