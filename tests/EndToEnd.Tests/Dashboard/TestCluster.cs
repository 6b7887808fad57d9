using System.Reflection;
using Harness.Dashboard.Cluster;
using Harness.Domain.Api;
using Harness.Grains.Claims;
using Harness.Grains.Sweeps;
using Harness.Storage.Sweeps;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>Grains without a silo: they do to the store what the real ones do, so that the API's own part is tested alone.</summary>
internal sealed class TestCluster(SweepStore store) : ICluster
{
    private readonly IGrainFactory _grains = FactoryProxy.Of(store);

    /// <summary>Whether a silo answers.</summary>
    public bool IsConnected { get; set; } = true;

    public IGrainFactory Grains => IsConnected ? _grains : throw new ClusterUnavailableException();
}

/// <summary>A grain factory whose grains live in this process.</summary>
public class FactoryProxy : DispatchProxy
{
    private SweepStore _store = null!;

    /// <summary>One over a store.</summary>
    internal static IGrainFactory Of(SweepStore store)
    {
        var proxy = Create<IGrainFactory, FactoryProxy>();
        ((FactoryProxy)(object)proxy)._store = store;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.ReturnType == typeof(ISweepGrain)
            ? new TestSweepGrain(_store, (string)args![0]!)
        : targetMethod.ReturnType == typeof(IClaimGrain) ? new TestClaimGrain()
        : throw new NotSupportedException(targetMethod.ToString());
}

/// <summary>Stores a sweep as the real grain does.</summary>
internal sealed class TestSweepGrain(SweepStore store, string key) : ISweepGrain
{
    public async Task<SubmitReply> SubmitAsync(SweepSubmission submission)
    {
        var stored = await store.SubmitAsync(
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
                Trials = submission.Trials,
            },
            TestContext.Current.CancellationToken
        );
        return new SubmitReply
        {
            Sweep = Ids.Sweep(stored.Id),
            Created = stored.Created,
            Trials = stored.Trials,
            Reused = stored.Reused,
            Warnings = await store.WarningsAsync(stored.Id, TestContext.Current.CancellationToken),
        };
    }

    public async Task<bool> CancelAsync(string by)
    {
        var cancellation = TestContext.Current.CancellationToken;
        return await store.FindAsync(key, cancellation) is { } id
            && await store.CancelAsync(id, by, cancellation);
    }
}

/// <summary>Knows no results.</summary>
internal sealed class TestClaimGrain : IClaimGrain
{
    public Task<ClaimRunReply> RunAsync(string profile, string by) =>
        Task.FromResult(new ClaimRunReply(["S-1"], []));

    public Task<string?> JudgeAsync(string profile) => Task.FromResult<string?>(null);
}
