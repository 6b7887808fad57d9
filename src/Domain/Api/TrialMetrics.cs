namespace Harness.Domain.Api;

/// <summary>The final numbers of a trial by their names in the metric catalogue.</summary>
public static class TrialMetrics
{
    /// <summary>The number of that name; null where it was not measured.</summary>
    public static double? Value(TrialRow trial, string metric) =>
        metric switch
        {
            "loss" => trial.Loss,
            "accuracy" => trial.Accuracy,
            "exact_match" => trial.ExactMatch,
            "chance" => trial.Chance,
            "gap" => trial.Gap,
            "tokens_per_second" => trial.TokensPerSecond,
            "tokens_per_cpu_second" => trial.TokensPerCpuSecond,
            "step_milliseconds" => trial.StepMilliseconds,
            "cpu_seconds" => trial.CpuSeconds,
            "peak_memory_bytes" => trial.PeakMemoryBytes,
            "activation_bytes" => trial.ActivationBytes,
            "state_bytes" => trial.StateBytes,
            _ => trial.Metrics.TryGetValue(metric, out var value) ? value : null,
        };
}
