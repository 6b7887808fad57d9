namespace Harness.Domain.Metrics;

/// <summary>Every metric that a trial can record.</summary>
public static class MetricCatalog
{
    /// <summary>All metrics, in the order of tables.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new(
            "accuracy",
            "Accuracy",
            "",
            Better.Higher,
            "share",
            "Token accuracy on the scored positions that carry data."
        ),
        new(
            "accuracy_beyond",
            "Accuracy beyond",
            "",
            Better.Higher,
            "share",
            "Token accuracy on held-out points of the axis beyond training."
        ),
        new(
            "exact_match",
            "Exact",
            "",
            Better.Higher,
            "share",
            "Share of sequences whose scored positions are all right."
        ),
        new(
            "chance",
            "Chance",
            "",
            Better.Neither,
            "share",
            "The best guess that ignores order, as the task states it."
        ),
        new("gap", "Gap", "", Better.Higher, "share", "(accuracy - chance) / (1 - chance)."),
        new(
            "loss",
            "Loss",
            "nats",
            Better.Lower,
            "number",
            "Mean cross-entropy on held-out data, scored positions."
        ),
        new(
            "train_loss",
            "Training loss",
            "nats",
            Better.Lower,
            "number",
            "Cross-entropy of the step's batch."
        ),
        new(
            "bits_per_character",
            "Bits/char",
            "bits",
            Better.Lower,
            "number",
            "Held-out cross-entropy of a character."
        ),
        new(
            "gradient_norm",
            "Gradient norm",
            "",
            Better.Neither,
            "number",
            "Norm before clipping, each step."
        ),
        new(
            "loss_drift",
            "Drift",
            "nats",
            Better.Neither,
            "number",
            "Training loss of the last tenth of the steps less that of the tenth before; about 0 on a plateau."
        ),
        new(
            "clipped_share",
            "Clipped",
            "",
            Better.Neither,
            "share",
            "Share of steps whose gradient was clipped."
        ),
        new(
            "tokens_per_second",
            "Tokens/s",
            "tokens/s",
            Better.Higher,
            "rate",
            "Processed tokens a wall second, median of windows of 20 ms or more after the warm-up."
        ),
        new(
            "tokens_per_second_p10",
            "Tokens/s p10",
            "tokens/s",
            Better.Higher,
            "rate",
            "Tenth percentile of the windows."
        ),
        new(
            "tokens_per_second_p90",
            "Tokens/s p90",
            "tokens/s",
            Better.Higher,
            "rate",
            "Ninetieth percentile of the windows."
        ),
        new(
            "tokens_per_cpu_second",
            "Tokens/CPU-s",
            "tokens/CPU-s",
            Better.Higher,
            "rate",
            "Processed tokens a CPU second, median of the windows."
        ),
        new(
            "scored_tokens_per_second",
            "Scored tokens/s",
            "tokens/s",
            Better.Higher,
            "rate",
            "Scored tokens a wall second, median of the windows."
        ),
        new(
            "step_milliseconds",
            "Step",
            "ms",
            Better.Lower,
            "number",
            "Median wall time of a training step in the windows."
        ),
        new(
            "cpu_seconds",
            "CPU",
            "CPU-s",
            Better.Lower,
            "seconds",
            "CPU time of the trainer, start-up included; of a spare trainer, from the trial's coming."
        ),
        new(
            "wall_seconds",
            "Wall",
            "s",
            Better.Lower,
            "seconds",
            "Wall time of the trainer, start-up included; of a spare trainer, from the trial's coming."
        ),
        new(
            "first_step_cpu_seconds",
            "Start",
            "CPU-s",
            Better.Lower,
            "seconds",
            "CPU time from the process's start to its first step; of a spare trainer, from the trial's coming."
        ),
        new(
            "peak_memory_bytes",
            "Peak",
            "bytes",
            Better.Lower,
            "bytes",
            "Kernel's high-water mark of resident memory while training, above idle."
        ),
        new(
            "heap_lowered_step",
            "Heap lowered",
            "steps",
            Better.Neither,
            "count",
            "Step at which large blocks were moved out of a native heap that kept growing; absent where it did not."
        ),
        new(
            "activation_bytes",
            "Held",
            "bytes",
            Better.Lower,
            "bytes",
            "Held for backward at the end of forward."
        ),
        new(
            "state_bytes",
            "State",
            "bytes",
            Better.Lower,
            "bytes",
            "Inference state after the longest evaluated sequence."
        ),
        new(
            "cpu_wall_ratio",
            "CPU/wall",
            "",
            Better.Neither,
            "share",
            "CPU over wall time of the windows; below 0.8 is contended."
        ),
        new(
            "calibration_before",
            "GEMM before",
            "GFLOP/s",
            Better.Neither,
            "number",
            "Square matrix product before training."
        ),
        new(
            "calibration_after",
            "GEMM after",
            "GFLOP/s",
            Better.Neither,
            "number",
            "Square matrix product after training."
        ),
        new(
            "resumed_step",
            "Resumed at",
            "",
            Better.Neither,
            "number",
            "Step from which the accepted attempt went on; times and memory of such a trial are not measured."
        ),
        new(
            "gradient_factor",
            "Gradient factor",
            "",
            Better.Neither,
            "number",
            "Measured factor a step of the norm of dL/dh(T-k), by least squares on its logarithm."
        ),
        new(
            "gradient_factor_predicted",
            "Predicted factor",
            "",
            Better.Neither,
            "number",
            "gain * sqrt(E f'(a)^2) at the same states."
        ),
        new(
            "gradient_ratio_50",
            "Gradient at 50",
            "",
            Better.Neither,
            "number",
            "|dL/dh(T-50)| / |dL/dh(T)|."
        ),
        new(
            "gradient_factor_trained",
            "Gradient factor, trained",
            "",
            Better.Neither,
            "number",
            "The same after training."
        ),
        new(
            "gradient_ratio_50_trained",
            "Gradient at 50, trained",
            "",
            Better.Neither,
            "number",
            "The same after training."
        ),
        new(
            "permutation_error",
            "Permutation error",
            "",
            Better.Neither,
            "number",
            "max |f(Px) - P f(x)| over permutations, float64, at initialisation."
        ),
        new(
            "permutation_error_trained",
            "Permutation error, trained",
            "",
            Better.Neither,
            "number",
            "The same after training."
        ),
    ];

    /// <summary>The metric of that name, or null.</summary>
    public static MetricDefinition? Find(string name) =>
        All.FirstOrDefault(metric => metric.Name == name);
}
