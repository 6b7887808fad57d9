using System.Collections.Concurrent;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Worker.Attempts;
using Harness.Worker.Folder;
using Harness.Worker.Silo;
using Harness.Worker.Spool;
using Harness.Worker.Standby;

namespace Harness.Worker;

/// <summary>Joins, takes leases, runs attempts, and tells how they ended.</summary>
/// <param name="settings">What the environment told.</param>
/// <param name="silo">The workers' endpoint.</param>
/// <param name="checkpoints">The silo's checkpoints.</param>
/// <param name="standbys">Spare trainers.</param>
/// <param name="host">The program, which ends with this.</param>
/// <param name="logger">Log.</param>
public sealed partial class LeaseLoop(
    WorkerSettings settings,
    SiloClient silo,
    CheckpointClient checkpoints,
    StandbyTrainers standbys,
    IHostApplicationLifetime host,
    ILogger<LeaseLoop> logger
) : BackgroundService
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(9); // a stop is promised within ten

    private readonly ConcurrentDictionary<long, Attempt> _running = new();
    private readonly Endings _endings = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly SlotMeter _slots = new(settings.Slots);
    private readonly SignOfLife _life = new(settings.Scratch);
    private readonly CancellationTokenSource _abandon = new();
    private Patience? _patience;
    private SpoolFolder? _spool;
    private HandIn? _handIn;
    private string? _store;
    private bool _joined;

    /// <summary>Why the worker cannot go on; null where it was asked to stop.</summary>
    public HarnessException? Fault { get; private set; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _abandon.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var scratch = await ScratchFolder.OpenAsync(
                settings.Scratch,
                LogLeftover,
                stoppingToken
            );
            _patience = new Patience(LogAway);
            // Asked to stop before: the silo does not know this worker, and there is nothing to hand back.
            if (await _patience.TryAsync(() => JoinAsync(stoppingToken), stoppingToken))
            {
                await WorkAsync(stoppingToken);
            }
        }
        catch (HarnessException fault)
        {
            Fault = fault;
            host.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop while another worker was leaving the folder.
        }
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        _slots.Busy(0);
        var handIn = _handIn!.RegularlyAsync(_abandon.Token);
        var recovery = RecoverAsync();
        var refused = false;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await _patience!.TryAsync(() => SyncAsync(draining: false, stop), stop);
            }
        }
        catch (HarnessException)
        {
            refused = true; // there is nobody to tell; what the attempts leave is kept for a later life
            throw;
        }
        finally
        {
            await DrainAsync(tell: !refused);
            await _abandon.CancelAsync();
            await Task.WhenAll(handIn, recovery);
        }
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
        JoinReply reply;
        try
        {
            reply = await silo.JoinAsync(request, cancellation);
        }
        catch (MessageRefusedException refused)
        {
            throw new HarnessException($"The silo refuses what this worker is: {refused.Message}");
        }

        var store = reply.Store ?? "unnamed";
        if (_store is not null && _store != store)
        {
            throw new HarnessException(
                "The silo has another database than before, where the attempts of this worker mean nothing: it begins anew."
            );
        }

        if (_store is null)
        {
            Open(store);
        }

        _joined = true;
        LogJoined(settings.Id, settings.Slots, reply.LeaseSeconds);
    }

    private void Open(string store)
    {
        _store = store;
        var name = new string([.. store.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-')]);
        _spool = SpoolFolder.Open(
            Path.Combine(settings.Scratch, "spool", name),
            settings.SpoolBytes
        );
        _handIn = new HandIn(settings.Id, silo, _spool, _running, logger);
    }

    // What an earlier life of this worker left in its folder; whether it still counts is the silo's to say.
    private async Task RecoverAsync()
    {
        foreach (var (trial, token) in _spool!.Attempts)
        {
            if (await _handIn!.RecoverAsync(trial, token, _abandon.Token) is { } completion)
            {
                _endings.Add(completion);
                _news.Release();
            }
        }
    }

    private async Task SyncAsync(bool draining, CancellationToken cancellation)
    {
        if (!_joined)
        {
            await JoinAsync(cancellation);
        }

        // What has happened until now is in this message.
        while (_news.Wait(TimeSpan.Zero, CancellationToken.None)) { }
        var request = new SyncRequest
        {
            WorkerId = settings.Id,
            Completed = _endings.Next(),
            Heartbeats = [.. _running.Values.Select(attempt => attempt.Heartbeat())],
            FreeSlots = draining ? 0 : Math.Max(0, settings.Slots - _running.Count),
            Draining = draining,
        };

        // An attempt that ends during the long poll is told by a newer call, at which the silo answers the older one.
        var call = CallAsync(request, cancellation);
        using var overtaken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var news = _news.WaitAsync(overtaken.Token);
        if (
            await Task.WhenAny(call, news) == news
            && news.IsCompletedSuccessfully
            && !call.IsCompleted
        )
        {
            _ = LateAsync(call);
            return;
        }

        await overtaken.CancelAsync();
        await call;
    }

    private async Task CallAsync(SyncRequest request, CancellationToken cancellation)
    {
        try
        {
            Apply(await silo.SyncAsync(request, cancellation));
            _handIn!.Away = false;
        }
        catch (WorkerUnknownException forgotten)
        {
            _joined = false;
            throw new SiloAwayException(forgotten.Message, forgotten);
        }
        catch (MessageRefusedException refused)
        {
            OnRefused(request.Completed, refused.Message);
            throw new SiloAwayException(refused.Message, refused);
        }
        catch (SiloAwayException)
        {
            _handIn!.Away = true;
            throw;
        }
    }

    private void OnRefused(IReadOnlyList<Completion> told, string reason)
    {
        if (told.Count == 0)
        {
            _joined = false; // a silo of another version says so when it is joined
        }
        else if (_endings.Refuse(told, reason) is { } forgotten)
        {
            LogForgotten(forgotten.TrialId, forgotten.Token, reason);
            _spool!.Remove(forgotten.Token);
        }
    }

    private static async Task LateAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception lost)
            when (lost is SiloAwayException or HarnessException or OperationCanceledException)
        {
            // What it would have said is said again to the newer call.
        }
    }

    private void Apply(SyncReply reply)
    {
        _life.Touch();
        standbys.Look();
        standbys.Quiet = reply.Quiet;
        _endings.Forget(reply.Acknowledged);
        foreach (var token in reply.Acknowledged)
        {
            _spool!.Remove(token);
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
                !_running.ContainsKey(lease.Token) && !_endings.Knows(lease.Token)
            )
        )
        {
            Begin(lease);
        }
    }

    private void Begin(Lease lease)
    {
        var attempt = new Attempt(lease, settings, standbys, checkpoints);
        if (_running.TryAdd(lease.Token, attempt))
        {
            LogLeased(lease.TrialId, lease.Token, lease.Number);
            _slots.Busy(_running.Count);
            _ = Task.Run(() => CarryAsync(attempt));
        }
    }

    private async Task CarryAsync(Attempt attempt)
    {
        var lease = attempt.Lease;
        Completion completion;
        try
        {
            completion = await attempt.RunAsync();
            completion = await _handIn!.EndAsync(attempt, completion, _abandon.Token);
        }
        catch (Exception error)
        {
            // Whatever went wrong is told as the attempt's end: a lease that nobody ends would be renewed for ever.
            LogBroken(error, lease.TrialId, lease.Token);
            completion = attempt.Broken(error);
        }

        LogEnded(lease.TrialId, lease.Token, completion.State, completion.Message ?? "");
        _endings.Add(completion);
        _running.TryRemove(lease.Token, out _);
        _slots.Busy(_running.Count);
        attempt.Dispose();
        _news.Release();
    }

    // Hands everything back: what still runs is drained, and told to the silo within the limit. What is not told by then
    // waits in the folder for a later life of this worker.
    private async Task DrainAsync(bool tell)
    {
        using var limit = new CancellationTokenSource(DrainLimit);
        _slots.Drain();
        standbys.Dispose();
        foreach (var attempt in _running.Values)
        {
            attempt.Stop(AttemptState.Drained);
        }

        if (!tell)
        {
            _abandon.CancelAfter(DrainLimit / 2);
        }

        try
        {
            while (!_running.IsEmpty)
            {
                await _news.WaitAsync(limit.Token);
            }

            while (tell)
            {
                await _patience!.TryAsync(
                    () => SyncAsync(draining: true, limit.Token),
                    limit.Token
                );
                tell = _endings.Any && !limit.IsCancellationRequested;
            }
        }
        catch (Exception late) when (late is OperationCanceledException or HarnessException)
        {
            LogDrainedLate(_running.Count);
        }
    }
}
