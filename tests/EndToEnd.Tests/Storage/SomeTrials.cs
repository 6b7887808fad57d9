using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Storage.Sweeps;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>Small sweeps, workers and results for tests.</summary>
internal static class SomeTrials
{
    public static TrialSpec Trial(long seed, int threads = 1, string model = "gru") =>
        new()
        {
            Model = model,
            Task = "parity",
            Seed = seed,
            Numerics = 1,
            Settings = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal)
            {
                ["steps"] = SettingValue.Of(100),
                ["threads"] = SettingValue.Of((long)threads),
                ["memory"] = SettingValue.Of(0L),
                ["learning_rate"] = SettingValue.Of(0.001),
                ["probes"] = SettingValue.Of(""),
            },
        };

    public static NewSweep Sweep(
        string key,
        IReadOnlyList<TrialSpec> trials,
        int maxCrashes = 5,
        int maxRetries = 0,
        int priority = 0,
        bool fresh = false
    ) =>
        new()
        {
            Key = key,
            Name = key,
            Source = $"name: {key}",
            Spec = $$"""{"name":"{{key}}"}""",
            SubmittedBy = "test",
            Priority = priority,
            MaxConcurrentTrials = 8,
            MaxCrashes = maxCrashes,
            MaxRetries = maxRetries,
            Fresh = fresh,
            Trials = trials,
        };

    public static JoinRequest Worker(
        string id,
        int slots = 2,
        int cores = 2,
        string? host = null
    ) =>
        new()
        {
            Protocol = WorkerProtocol.Version,
            WorkerId = id,
            Name = $"name of {id}",
            HostId = host ?? $"host-of-{id}",
            Slots = slots,
            Cores = cores,
            MemoryBytes = 1L << 30,
            Hardware = new(StringComparer.Ordinal) { ["cpu"] = "a test's" },
            Runtime = new(StringComparer.Ordinal) { ["os"] = "a test's" },
            Data = new(StringComparer.Ordinal),
        };

    public static Completion Completed(long trial, long token, double accuracy = 0.5) =>
        new()
        {
            TrialId = trial,
            Token = token,
            State = AttemptState.Completed,
            CpuSeconds = 1.5,
            Runtime = new(StringComparer.Ordinal) { ["libtorch"] = "2.10.0" },
            Result = new TrainerResult(
                TrialOutcome.Ok,
                new(StringComparer.Ordinal)
                {
                    ["accuracy"] = accuracy,
                    ["loss"] = double.NaN,
                    ["gradient_factor"] = 0.9,
                },
                1_234,
                "abcdef",
                false
            ),
        };

    public static Completion Failed(long trial, long token, FailureKind kind) =>
        new()
        {
            TrialId = trial,
            Token = token,
            State = AttemptState.Failed,
            Failure = kind,
            Message = $"It ended by {kind}.",
        };

    public static Completion Ended(long trial, long token, AttemptState state) =>
        new()
        {
            TrialId = trial,
            Token = token,
            State = state,
        };
}
