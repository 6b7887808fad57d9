using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Training;

/// <summary>Settings that every trial has, whatever its model and task.</summary>
public static class CommonParameters
{
    /// <summary>In the order of the catalogue.</summary>
    public static IReadOnlyList<ParameterDefinition> All { get; } =
    [
        Integer("width", "Width of embedding and state.", 32, 1, 4096),
        Integer("layers", "Layers on top of each other.", 1, 1, 64),
        Integer("batch", "Sequences a step.", 32, 1, 65_536),
        Integer(
            "steps",
            "Training steps; 0 measures the model as it is initialised.",
            300,
            0,
            10_000_000
        ),
        Choice("optimizer", "Rule of the update.", "adamw", "adamw", "sgd"),
        Number("learning_rate", "Rate after the warm-up.", 0.003, 1e-8, 10),
        Integer(
            "warmup_steps",
            "Steps over which the rate rises linearly to its value.",
            10,
            0,
            1_000_000
        ),
        Number("weight_decay", "Decoupled decay of AdamW, or of SGD.", 0, 0, 10),
        Number("clip", "Greatest norm of a step's gradient; 0: no clipping.", 1, 0, 1e9),
        Choice("data_type", "Type of parameters and activations.", "float32", "float32", "float64"),
        Integer(
            "evaluation_sequences",
            "Held-out sequences at each point of the task's axis.",
            128,
            1,
            1_000_000
        ),
        Integer("probe_length", "Length of the sequences that probes look at.", 128, 8, 4096),
        Integer(
            "threads",
            "Threads of the native library; another number gives other bits.",
            1,
            1,
            256
        ),
        Number(
            "max_trial_time",
            "Seconds of training after which a trial is censored; 0: no cap.",
            0,
            0,
            1e7
        ),
        Integer(
            "memory",
            "Resident bytes above which a trial ends as oom; 0: no limit.",
            0,
            0,
            1L << 50
        ),
        Integer(
            "checkpoint_every",
            "Steps between two checkpoints; 0: none, and a lost attempt begins anew.",
            0,
            0,
            10_000_000
        ),
        new()
        {
            Name = "probes",
            Kind = ParameterKind.Choice,
            Description =
                "Measurements beside training: sorted names, comma between. A sweep names them under its key probes.",
            Default = SettingValue.Of("memory,throughput"),
        },
    ];

    private static ParameterDefinition Integer(
        string name,
        string description,
        long value,
        long min,
        long max
    ) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.Integer,
            Description = description,
            Default = SettingValue.Of(value),
            Min = min,
            Max = max,
        };

    private static ParameterDefinition Number(
        string name,
        string description,
        double value,
        double min,
        double max
    ) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.Number,
            Description = description,
            Default = SettingValue.Of(value),
            Min = min,
            Max = max,
        };

    private static ParameterDefinition Choice(
        string name,
        string description,
        string value,
        params string[] choices
    ) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.Choice,
            Description = description,
            Default = SettingValue.Of(value),
            Choices = choices,
        };
}
