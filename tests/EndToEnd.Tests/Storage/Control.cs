using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Storage.Dispatch;
using Harness.Storage.Invariants;
using Harness.Storage.Retention;
using Harness.Storage.Sweeps;
using Harness.Storage.Workers;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>The stores of one database, driven as a dispatcher drives them.</summary>
internal sealed class Control(TestDatabase db)
{
    private long _epoch;

    public SweepStore Sweeps { get; } = new(db.Silo);

    public DispatchStore Dispatch { get; } = new(db.Silo);

    /// <summary>The activation that it writes as.</summary>
    public long Epoch => _epoch;

    public double LeaseSeconds { get; set; } = 60;

    public double BackOffSeconds { get; set; }

    public SweepChangeStore Changes { get; } = new(db.Silo);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task StartAsync(params string[] workers)
    {
        _epoch = await Dispatch.TakeOverAsync(Cancellation);
        foreach (var worker in workers)
        {
            await new WorkerStore(db.Silo).JoinAsync(SomeTrials.Worker(worker), Cancellation);
        }
    }

    public async Task<(long Sweep, List<long> Trials)> SubmitAsync(NewSweep sweep)
    {
        var stored = await Sweeps.SubmitAsync(sweep, Cancellation);
        return (
            stored.Id,
            await db.ListAsync<long>(
                "select trial from sweep_trial where sweep = $1 order by position",
                stored.Id
            )
        );
    }

    /// <summary>The token, or null when the trial was not to be had.</summary>
    public async Task<long?> LeaseAsync(long trial, string worker)
    {
        var hardware = await db.ScalarAsync<string>(
            "select hardware from worker where id = $1",
            worker
        );
        var result = await WriteAsync(flush =>
            flush with
            {
                Grants = [new Grant(trial, worker, hardware)],
            }
        );
        return result.Leased.Count == 0 ? null : result.Leased[0].Token;
    }

    public Task<FlushResult> BeatAsync(long trial, long token, int step = 1) =>
        WriteAsync(flush =>
            flush with
            {
                Heartbeats = [new Heartbeat(trial, token, step, Started: true)],
            }
        );

    public Task<FlushResult> CompleteAsync(params Completion[] completions) =>
        WriteAsync(flush => flush with { Completions = completions });

    /// <summary>Looks at the clocks; every lease that is given out has run out before.</summary>
    public async Task<TickResult> ExpireAllAsync()
    {
        await db.ExecuteAsync(
            "update attempt set lease_until = clock_timestamp() - interval '1 second' where state in ('leased', 'started')"
        );
        return await ExpireDueAsync();
    }

    /// <summary>Looks at the clocks, leases included.</summary>
    public Task<TickResult> ExpireDueAsync() => Dispatch.TickAsync(_epoch, 3_600, Cancellation);

    public Task<TickResult> TickAsync() => Dispatch.TickAsync(_epoch, null, Cancellation);

    public Task<FlushResult> WriteAsync(Func<Flush, Flush> content) =>
        Dispatch.WriteAsync(
            content(
                new Flush
                {
                    Epoch = _epoch,
                    LeaseSeconds = LeaseSeconds,
                    BackOffSeconds = BackOffSeconds,
                }
            ),
            Cancellation
        );

    public Task<SweepChanged> PauseAsync(long sweep) =>
        Changes.PauseAsync(_epoch, sweep, "test", Cancellation);

    public Task<SweepChanged> ResumeAsync(long sweep) =>
        Changes.ResumeAsync(_epoch, sweep, "test", Cancellation);

    public async Task<(SweepChanged Changed, IReadOnlyList<long> Trials)> RetryAsync(
        long sweep,
        params TrialState[] states
    ) => await Changes.RetryAsync(_epoch, sweep, states, "test", Cancellation);

    public Task<SweepChanged> SetAsync(long sweep, SweepLimits limits, int? version = null) =>
        Changes.SetAsync(sweep, limits, version, "test", Cancellation);

    public Task<RemovalReply> RemoveAsync(long sweep, bool withClaim = false) =>
        new SweepRemoval(db.Silo).RemoveAsync(sweep, withClaim, "test", Cancellation);

    public Task<string> StateAsync(long trial) =>
        db.ScalarAsync<string>("select state from trial where id = $1", trial);

    public Task<string> SweepStateAsync(long sweep) =>
        db.ScalarAsync<string>("select state from sweep where id = $1", sweep);

    public Task<string> AttemptStateAsync(long token) =>
        db.ScalarAsync<string>("select state from attempt where token = $1", token);

    public Task<List<string>> EventsAsync(long trial) =>
        db.ListAsync<string>("select kind from event where trial = $1 order by sequence", trial);

    /// <summary>What the checker finds in the whole history, in words.</summary>
    public async Task<List<string>> ViolationsAsync() =>
        [
            .. (
                await new InvariantReader(db.Silo).CheckAsync(
                    InvariantReader.Beginning,
                    Cancellation
                )
            ).Violations.Select(violation => $"{violation.Invariant}: {violation.What}"),
        ];
}
