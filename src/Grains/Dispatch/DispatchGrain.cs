using System.Diagnostics;
using System.Threading.Channels;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Grains.Disk;
using Harness.Storage;
using Harness.Storage.Dispatch;
using Harness.Storage.Invariants;
using Harness.Storage.Sweeps;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Harness.Grains.Dispatch;

/// <summary>Keeps the one dispatcher running: its lane, and its clock.</summary>
[Reentrant]
internal sealed class DispatchGrain(
    DispatchStore store,
    DispatchLoader loader,
    InvariantReader invariants,
    SweepChangeStore changes,
    StandingReader standings,
    IOptions<DispatchOptions> options,
    DiskGuard disk,
    TimeProvider time,
    ILogger<Dispatcher> logger,
    ILogger<InvariantWatch> watchLogger
) : Grain, IDispatchGrain
{
    private readonly Dispatcher _dispatcher = new(
        store,
        loader,
        changes,
        options,
        disk,
        time,
        logger
    );
    private readonly InvariantWatch _watch = new(invariants, watchLogger);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var tick = TimeSpan.FromSeconds(options.Value.TickSeconds);
        this.RegisterGrainTimer(
            Tick,
            new GrainTimerCreationOptions(tick, tick) { Interleave = true, KeepAlive = true }
        );
        var look = TimeSpan.FromSeconds(options.Value.InvariantSeconds);
        this.RegisterGrainTimer(
            _watch.LookAsync,
            new GrainTimerCreationOptions(TimeSpan.Zero, look) { Interleave = true }
        );
        _ = RunLaneAsync();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(
        DeactivationReason reason,
        CancellationToken cancellationToken
    )
    {
        _wake.Writer.TryComplete();
        _dispatcher.Stop();
        return Task.CompletedTask;
    }

    public Task<SyncReply> SyncAsync(SyncRequest request) => Wake(_dispatcher.Sync(request));

    public Task JoinAsync(JoinRequest request)
    {
        _dispatcher.Join(
            new KnownWorker
            {
                Id = request.WorkerId,
                Host = request.HostId,
                Hardware = Facts.Of(request.Hardware).Id,
                HardwareFacts = request.Hardware,
                Slots = request.Slots,
                Cores = request.Cores,
                MemoryBytes = request.MemoryBytes,
                Data = request.Data,
            }
        );
        return Task.CompletedTask;
    }

    public async Task AdmitAsync(long sweepId) => await Wake(_dispatcher.Admit(sweepId));

    public async Task ReleaseAsync(long sweepId) => await Wake(_dispatcher.Release(sweepId));

    public Task<SweepChanged> PauseAsync(long sweepId, string by) =>
        Wake(_dispatcher.Pause(sweepId, by));

    public Task<SweepChanged> ResumeAsync(long sweepId, string by) =>
        Wake(_dispatcher.Resume(sweepId, by));

    public Task<SweepChanged> RetryAsync(
        long sweepId,
        IReadOnlyList<TrialState> states,
        string by
    ) => Wake(_dispatcher.Retry(sweepId, states, by));

    public Task<TrialExplanation?> ExplainAsync(long trialId) =>
        Wake(_dispatcher.Explain(trialId, standings));

    private Task Tick(CancellationToken cancellation)
    {
        _dispatcher.Tick();
        _wake.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    private T Wake<T>(T work)
        where T : Task
    {
        _wake.Writer.TryWrite(true);
        return work;
    }

    // Started at activation and never awaited: it stays on the grain's scheduler, turn by turn.
    private async Task RunLaneAsync()
    {
        // Nor does it belong to the call that happened to wake the grain: that trace would never end.
        Activity.Current = null;
        while (await _wake.Reader.WaitToReadAsync())
        {
            _wake.Reader.TryRead(out _);
            while (_dispatcher.HasWork)
            {
                await _dispatcher.TurnAsync();
                if (_dispatcher.IsOver)
                {
                    DeactivateOnIdle();
                    return;
                }
            }
        }
    }
}
