using System.Reflection;
using Harness.Dashboard.Cluster;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Grains;
using Harness.Grains.Claims;
using Harness.Grains.Dispatch;
using Harness.Grains.Retention;
using Harness.Grains.Sweeps;
using Harness.Storage.Dispatch;
using Harness.Storage.Retention;
using Harness.Storage.Sweeps;
using Npgsql;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>Grains without a silo: they do to the store what the real ones do, so that the API's own part is tested alone.</summary>
internal sealed class TestCluster(NpgsqlDataSource silo) : ICluster
{
    private readonly IGrainFactory _grains = FactoryProxy.Of(silo);

    /// <summary>Whether a silo answers.</summary>
    public bool IsConnected { get; set; } = true;

    public IGrainFactory Grains => IsConnected ? _grains : throw new ClusterUnavailableException();
}

/// <summary>A grain factory whose grains live in this process.</summary>
public class FactoryProxy : DispatchProxy
{
    private NpgsqlDataSource _silo = null!;

    /// <summary>One over a database.</summary>
    internal static IGrainFactory Of(NpgsqlDataSource silo)
    {
        var proxy = Create<IGrainFactory, FactoryProxy>();
        ((FactoryProxy)(object)proxy)._silo = silo;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.ReturnType == typeof(ISweepGrain)
            ? new TestSweepGrain(_silo, (string)args![0]!)
        : targetMethod.ReturnType == typeof(IRetentionGrain) ? new TestRetentionGrain(_silo)
        : targetMethod.ReturnType == typeof(IClaimGrain) ? new TestClaimGrain()
        : targetMethod.ReturnType == typeof(IDispatchGrain) ? new TestDispatchGrain(_silo)
        : throw new NotSupportedException(targetMethod.ToString());
}

/// <summary>Stores a sweep as the real grain does.</summary>
internal sealed class TestSweepGrain(NpgsqlDataSource silo, string key) : ISweepGrain
{
    private readonly SweepStore _store = new(silo);
    private readonly SweepChangeStore _changes = new(silo);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<SubmitReply> SubmitAsync(SweepSubmission submission)
    {
        var stored = await _store.SubmitAsync(
            new NewSweep
            {
                Key = key,
                Name = submission.Name,
                Description = submission.Description,
                Source = submission.Source,
                Spec = submission.Resolved,
                SubmittedBy = submission.SubmittedBy,
                Priority = submission.Priority,
                MaxConcurrentTrials = submission.MaxConcurrentTrials,
                MaxCrashes = submission.MaxCrashes,
                MaxRetries = submission.MaxRetries,
                Fresh = submission.Fresh,
                IdempotencyKey = submission.IdempotencyKey,
                Trials = submission.AllTrials(),
            },
            TestContext.Current.CancellationToken
        );
        return stored.Conflict is { } hash
            ? throw new IdempotencyConflictException(hash)
            : new SubmitReply
            {
                Sweep = Ids.Sweep(stored.Id),
                Created = stored.Created,
                Trials = stored.Trials,
                Reused = stored.Reused,
                Replayed = stored.Replayed,
                Warnings = await _store.WarningsAsync(stored.Id, Cancellation),
            };
    }

    public Task<SweepChanged> CancelAsync(string by) =>
        OfSweepAsync((sweep, _) => _store.CancelAsync(sweep, by, Cancellation));

    public Task<SweepChanged> PauseAsync(string by) =>
        OfSweepAsync((sweep, epoch) => _changes.PauseAsync(epoch, sweep, by, Cancellation));

    public Task<SweepChanged> ResumeAsync(string by) =>
        OfSweepAsync((sweep, epoch) => _changes.ResumeAsync(epoch, sweep, by, Cancellation));

    public Task<SweepChanged> RetryAsync(IReadOnlyList<TrialState> states, string by) =>
        OfSweepAsync(
            async (sweep, epoch) =>
                (await _changes.RetryAsync(epoch, sweep, states, by, Cancellation)).Changed
        );

    public Task<SweepChanged> SetAsync(SweepLimits limits, int? version, string by) =>
        OfSweepAsync((sweep, _) => _changes.SetAsync(sweep, limits, version, by, Cancellation));

    public async Task<RemovalReply> RemoveAsync(bool withClaim, string by) =>
        await new SweepRemoval(silo).RemoveAsync(
            await _store.FindAsync(key, Cancellation) ?? 0,
            withClaim,
            by,
            Cancellation
        );

    private async Task<SweepChanged> OfSweepAsync(Func<long, long, Task<SweepChanged>> change)
    {
        await using var command = silo.CreateCommand("select epoch from dispatcher");
        var epoch = (long)(await command.ExecuteScalarAsync(Cancellation))!;
        return await _store.FindAsync(key, Cancellation) is { } sweep
            ? await change(sweep, epoch)
            : new SweepChanged { Refusal = ChangeRefusal.State };
    }
}

/// <summary>Collects as the real grain does.</summary>
internal sealed class TestRetentionGrain(NpgsqlDataSource silo) : IRetentionGrain
{
    public Task<GarbageReport> CollectAsync(Dictionary<string, double> keep, bool dryRun) =>
        new GarbageStore(silo).CollectAsync(keep, dryRun, TestContext.Current.CancellationToken);
}

/// <summary>Has no worker: why a trial waits is the same of each.</summary>
internal sealed class TestDispatchGrain(NpgsqlDataSource silo) : IDispatchGrain
{
    public async Task<TrialExplanation?> ExplainAsync(long trialId) =>
        await new StandingReader(silo).FindAsync(trialId, TestContext.Current.CancellationToken)
            is { } standing
            ? new TrialExplanation
            {
                Trial = Ids.Trial(trialId),
                State = standing.State,
                Because = ["No worker is here."],
                Workers = [new("w-1", "worker-1", "a-host", "is too small")],
            }
            : null;

    public Task<SyncReply> SyncAsync(SyncRequest request) => throw new NotSupportedException();

    public Task JoinAsync(JoinRequest request) => throw new NotSupportedException();

    public Task AdmitAsync(long sweepId) => throw new NotSupportedException();

    public Task ReleaseAsync(long sweepId) => throw new NotSupportedException();

    public Task<SweepChanged> PauseAsync(long sweepId, string by) =>
        throw new NotSupportedException();

    public Task<SweepChanged> ResumeAsync(long sweepId, string by) =>
        throw new NotSupportedException();

    public Task<SweepChanged> RetryAsync(
        long sweepId,
        IReadOnlyList<TrialState> states,
        string by
    ) => throw new NotSupportedException();
}

/// <summary>Knows no results.</summary>
internal sealed class TestClaimGrain : IClaimGrain
{
    public Task<ClaimRunReply> RunAsync(string profile, string by) =>
        Task.FromResult(new ClaimRunReply(["S-1"], []));

    public Task<string?> JudgeAsync(string profile) => Task.FromResult<string?>(null);
}
