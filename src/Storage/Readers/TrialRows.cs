using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>A row of <c>v1_trials</c> as a record.</summary>
internal static class TrialRows
{
    /// <summary>Columns that <see cref="Read"/> needs.</summary>
    public const string Columns = """
        sweep, trial, model, task, seed, repeat, parameters, parameter_count, parameter_hash, state, outcome, attempts,
        worker, hardware, loss, accuracy, exact_match, chance, gap, tokens_per_second, tokens_per_cpu_second,
        step_milliseconds, cpu_seconds, peak_memory_bytes, activation_bytes, state_bytes, contended, metrics, reason, step
        """;

    // These have columns of their own.
    private static readonly HashSet<string> Named =
    [
        "loss",
        "accuracy",
        "exact_match",
        "chance",
        "gap",
        "tokens_per_second",
        "tokens_per_cpu_second",
        "step_milliseconds",
        "cpu_seconds",
        "peak_memory_bytes",
        "activation_bytes",
        "state_bytes",
    ];

    /// <summary>The row under the reader.</summary>
    public static TrialRow Read(NpgsqlDataReader row) =>
        new()
        {
            Sweep = row.Get<string>("sweep"),
            Trial = row.Get<string>("trial"),
            Model = row.Get<string>("model"),
            Task = row.Get<string>("task"),
            Seed = row.Get<long>("seed"),
            Repeat = row.Get<int>("repeat"),
            Parameters = Settings(row.Get<string>("parameters")),
            ParameterCount = row.Nullable<long>("parameter_count"),
            ParameterHash = row.Text("parameter_hash"),
            State = Words.Parse<TrialState>(row.Get<string>("state")),
            Outcome = row.Text("outcome") is { } word ? Words.Parse<TrialOutcome>(word) : null,
            Attempts = row.Get<int>("attempts"),
            Worker = row.Text("worker"),
            Hardware = row.Text("hardware"),
            Loss = row.Nullable<double>("loss"),
            Accuracy = row.Nullable<double>("accuracy"),
            ExactMatch = row.Nullable<double>("exact_match"),
            Chance = row.Nullable<double>("chance"),
            Gap = row.Nullable<double>("gap"),
            TokensPerSecond = row.Nullable<double>("tokens_per_second"),
            TokensPerCpuSecond = row.Nullable<double>("tokens_per_cpu_second"),
            StepMilliseconds = row.Nullable<double>("step_milliseconds"),
            CpuSeconds = row.Nullable<double>("cpu_seconds"),
            PeakMemoryBytes = row.Nullable<double>("peak_memory_bytes"),
            ActivationBytes = row.Nullable<double>("activation_bytes"),
            StateBytes = row.Nullable<double>("state_bytes"),
            Contended = row.Nullable<bool>("contended"),
            Metrics = Others(row.Get<string>("metrics")),
            Reason = row.Text("reason"),
            Step = row.Nullable<int>("step"),
        };

    private static SortedDictionary<string, SettingValue> Settings(string json) =>
        new(
            JsonSerializer.Deserialize(
                json,
                DomainJson.Default.SortedDictionaryStringSettingValue
            )!,
            StringComparer.Ordinal
        );

    private static SortedDictionary<string, double> Others(string json)
    {
        var metrics = JsonSerializer.Deserialize(
            json,
            DomainJson.Default.SortedDictionaryStringDouble
        )!;
        foreach (var name in Named)
        {
            metrics.Remove(name);
        }

        return new SortedDictionary<string, double>(metrics, StringComparer.Ordinal);
    }
}
