using Harness.Dashboard.Charts;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>Invented but plausible results: four models, two tasks, three seeds; the same at each call.</summary>
public static class SampleSweep
{
    private static readonly string[] Models = ["rnn", "lstm", "gru", "transformer"];
    private static readonly double[] Lengths = [8, 12, 16, 20, 40, 60, 100];

    /// <summary>A sweep with every state: <paramref name="done"/> of its trials have ended.</summary>
    public static SweepDetail Of(int done = 24, params int[] lags)
    {
        var trials = new List<TrialRow>();
        int[] lagsOrOne = lags.Length > 0 ? lags : [10];
        foreach (var seed in Enumerable.Range(1, 3))
        {
            foreach (
                var (task, lag) in lagsOrOne
                    .Select(lag => ("copy-memory", lag))
                    .Append(("parity", 0))
            )
            {
                trials.AddRange(
                    Models.Select(model => Trial(trials.Count, task, model, lag, seed))
                );
            }
        }

        trials = [.. trials.Select((trial, i) => Numbered(trial, i, done))];
        return new SweepDetail
        {
            Sweep = "S-1",
            Name = "quickstart",
            Description = "Four models on two tasks, three seeds each.",
            State = done >= trials.Count ? SweepState.Completed : SweepState.Running,
            SubmittedBy = "admin",
            SubmittedAt = new(2026, 11, 24, 9, 12, 0, TimeSpan.Zero),
            StartedAt = new(2026, 11, 24, 9, 12, 1, TimeSpan.Zero),
            EndedAt = done >= trials.Count ? new(2026, 11, 24, 9, 13, 38, TimeSpan.Zero) : null,
            TrialCount = trials.Count,
            States = new(
                trials
                    .GroupBy(trial => Words.Of(trial.State))
                    .ToDictionary(state => state.Key, state => state.Count()),
                StringComparer.Ordinal
            ),
            RunningShare = 0.7,
            EtaSeconds = done >= trials.Count ? null : [31, 48],
            SpecHash = "7c1e0b9f4be190c2aa5e7f3d8c1b2a49",
            Source =
                "version: 1\nname: quickstart\nparameters:\n  model: {values: [rnn, lstm, gru, transformer]}\n",
            Trials = trials,
            Accuracy = [.. trials.Where(trial => trial.Accuracy is not null).SelectMany(Profile)],
        };
    }

    /// <summary>Loss curves of the trials that have ended.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ChartPoint>> Losses(
        SweepDetail sweep
    ) =>
        sweep
            .Trials.Where(trial => trial.Loss is not null)
            .ToDictionary(
                trial => trial.Trial,
                trial =>
                    (IReadOnlyList<ChartPoint>)
                        [
                            .. Enumerable
                                .Range(0, 60)
                                .Select(i => new ChartPoint(
                                    i * 5,
                                    trial.Loss!.Value
                                        + (2.1 - trial.Loss.Value)
                                            * Math.Exp(-i / 9.0 * Speed(trial.Model))
                                            * (1 + 0.06 * Noise(i, trial.Seed))
                                )),
                        ]
            );

    private static TrialRow Trial(int i, string task, string model, int lag, long seed)
    {
        var parameters = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal)
        {
            ["width"] = SettingValue.Of(32),
            ["learning_rate"] = SettingValue.Of(0.003),
            ["optimizer"] = SettingValue.Of("adamw"),
            ["steps"] = SettingValue.Of(300),
        };
        parameters[lag > 0 ? "lag" : "length"] = SettingValue.Of(lag > 0 ? lag : 20);
        return new TrialRow
        {
            Sweep = "S-1",
            Trial = Ids.Trial(i + 1),
            Model = model,
            Task = task,
            Seed = seed,
            Repeat = 0,
            Parameters = parameters,
            State = TrialState.Pending,
            Attempts = 0,
            Chance = lag > 0 ? 0.125 : 0.5,
        };
    }

    private static TrialRow Numbered(TrialRow trial, int i, int done)
    {
        if (i >= done)
        {
            return i < done + 2
                ? trial with
                {
                    State = TrialState.Running,
                    Attempts = 1,
                    Worker = "w-1",
                    Step = 140,
                }
                : trial;
        }

        if (i == 6 && done < 24)
        {
            return trial with
            {
                State = TrialState.Quarantined,
                Attempts = 5,
                Worker = "w-2",
                Reason = "The trainer ended by signal 11, five times.",
            };
        }

        var noise = Noise(i, trial.Seed);
        var rank = Array.IndexOf(Models, trial.Model);
        var accuracy =
            trial.Task == "parity"
                ? (double[])[0.97, 0.99, 0.995, 0.71]
                : [0.31, 0.86, 0.82, 0.998];
        var value = Math.Clamp(accuracy[rank] + 0.02 * noise, 0, 1);
        return trial with
        {
            State = TrialState.Succeeded,
            Outcome = i == 9 ? TrialOutcome.Diverged : TrialOutcome.Ok,
            Attempts = i == 4 ? 2 : 1,
            Worker = i % 2 == 0 ? "w-1" : "w-2",
            Hardware = "4be190c2",
            ParameterCount = (long[])[2_250, 9_100, 6_800, 13_200] is var counts
                ? counts[rank]
                : null,
            ParameterHash = Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData([(byte)i])
            ),
            Accuracy = value,
            Gap = (value - trial.Chance) / (1 - trial.Chance),
            ExactMatch = value * value,
            Loss = Math.Max(0.01, 1.6 * (1 - value)),
            TokensPerCpuSecond =
                ((double[])[41_000, 13_400, 15_900, 33_000])[rank] * (1 + 0.05 * noise),
            TokensPerSecond = ((double[])[40_000, 13_100, 15_600, 32_000])[rank],
            CpuSeconds = 4.2 + rank,
            PeakMemoryBytes = ((double[])[21, 38, 34, 47])[rank] * 1024 * 1024 * (1 + 0.03 * noise),
            ActivationBytes = ((double[])[1.2, 5.8, 4.6, 11.5])[rank] * 1024 * 1024,
            Contended = i == 3,
        };
    }

    private static IEnumerable<AccuracyRow> Profile(TrialRow trial) =>
        trial.Task == "parity"
            ? Lengths.Select(length => new AccuracyRow(
                trial.Trial,
                "length",
                length,
                trial.Model == "transformer"
                    ? Math.Clamp(1 - Math.Max(0, Math.Log(length / 14)) * 0.4, 0.5, 1)
                    : Math.Clamp(1.01 - length * 0.0003 * trial.Seed, 0.5, 1),
                640
            ))
            :
            [
                new AccuracyRow(
                    trial.Trial,
                    "lag",
                    trial.Parameters["lag"].Number,
                    trial.Accuracy!.Value,
                    640
                ),
            ];

    private static double Speed(string model) =>
        model == "transformer" ? 2.2
        : model == "rnn" ? 0.6
        : 1;

    private static double Noise(int i, long seed) => Math.Sin(i * 12.9898 + seed * 78.233);
}
