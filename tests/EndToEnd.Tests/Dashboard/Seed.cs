using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;
using Harness.Storage.Metrics;
using Harness.Storage.Sweeps;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>Puts a sample sweep into a database the way that workers would: leases, points, profiles, results.</summary>
internal static class Seed
{
    private static readonly string[] Metrics =
    [
        "accuracy",
        "chance",
        "gap",
        "exact_match",
        "loss",
        "tokens_per_second",
        "tokens_per_cpu_second",
        "peak_memory_bytes",
        "activation_bytes",
    ];

    /// <summary>Stores the sweep and brings its trials into the states of the sample.</summary>
    /// <returns>Number of the sweep.</returns>
    public static async Task<long> SweepAsync(TestDatabase database, SweepDetail sample)
    {
        var control = new Control(database);
        await control.StartAsync("w-1", "w-2");
        var (sweep, trials) = await control.SubmitAsync(
            new NewSweep
            {
                Key = $"key-{Guid.NewGuid():N}",
                Name = sample.Name,
                Description = sample.Description,
                Source = sample.Source,
                Spec = "{}",
                SubmittedBy = sample.SubmittedBy,
                Priority = 0,
                MaxConcurrentTrials = 8,
                MaxCrashes = 1,
                MaxRetries = 0,
                Fresh = false,
                Trials = [.. sample.Trials.Select(Spec)],
            }
        );
        var losses = SampleSweep.Losses(sample);
        foreach (var (trial, id) in sample.Trials.Zip(trials))
        {
            if (trial.State == TrialState.Pending)
            {
                continue;
            }

            var token = (await control.LeaseAsync(id, trial.Worker ?? "w-1"))!.Value;
            await control.BeatAsync(id, token, trial.Step ?? 300);
            if (trial.State == TrialState.Running)
            {
                continue;
            }

            if (trial.State == TrialState.Quarantined)
            {
                await control.CompleteAsync(SomeTrials.Failed(id, token, FailureKind.Crash));
                continue;
            }

            await AppendAsync(database, id, token, sample, trial, losses);
            await control.CompleteAsync(
                SomeTrials.Completed(id, token) with
                {
                    Result = Result(trial),
                }
            );
        }

        return sweep;
    }

    private static async Task AppendAsync(
        TestDatabase database,
        long id,
        long token,
        SweepDetail sample,
        TrialRow trial,
        IReadOnlyDictionary<string, IReadOnlyList<Harness.Dashboard.Charts.ChartPoint>> losses
    )
    {
        var points = losses[trial.Trial];
        var accuracy = sample.Accuracy.Where(row => row.Trial == trial.Trial).ToList();
        await new MetricStore(database.Silo).AppendAsync(
            new IngestRequest
            {
                WorkerId = trial.Worker!,
                Attempts =
                [
                    new AttemptData
                    {
                        TrialId = id,
                        Token = token,
                        Points =
                        [
                            new(
                                "train_loss",
                                [.. points.Select(point => (int)point.X)],
                                [.. points.Select(point => point.Y)],
                                [.. points.Select(point => point.X / 100)]
                            ),
                        ],
                        Profiles =
                        [
                            new(
                                "accuracy",
                                accuracy[0].Axis,
                                [.. accuracy.Select(row => row.Value)],
                                [.. accuracy.Select(row => row.Accuracy)],
                                [.. accuracy.Select(row => row.Samples)]
                            ),
                        ],
                        Log = ["libtorch 2.10.0", $"trained {trial.Model} on {trial.Task}"],
                    },
                ],
            },
            TestContext.Current.CancellationToken
        );
    }

    private static TrialSpec Spec(TrialRow trial) =>
        new()
        {
            Model = trial.Model,
            Task = trial.Task,
            Seed = trial.Seed,
            Numerics = 1,
            Settings = new(trial.Parameters, StringComparer.Ordinal)
            {
                ["threads"] = SettingValue.Of(1),
                ["memory"] = SettingValue.Of(0),
                ["probes"] = SettingValue.Of("memory,throughput"),
            },
        };

    private static TrainerResult Result(TrialRow trial) =>
        new(
            trial.Outcome!.Value,
            new(
                Metrics
                    .Select(name => (name, Value: TrialMetrics.Value(trial, name)))
                    .Where(pair => pair.Value is not null)
                    .ToDictionary(pair => pair.name, pair => pair.Value!.Value),
                StringComparer.Ordinal
            ),
            trial.ParameterCount,
            trial.ParameterHash,
            trial.Contended
        );
}
