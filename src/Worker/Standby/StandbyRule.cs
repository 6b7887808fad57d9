using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Worker.Standby;

/// <summary>Which trials a spare trainer may serve, and which must not be disturbed by one.</summary>
public static class StandbyRule
{
    /// <summary>Threads of a spare trainer: the library takes them once.</summary>
    public const int Threads = 1;

    // A trainer that made itself ready holds up to 25 MB more than one that trained its trial alone.
    private const long LeastMemory = 512L << 20;

    private static readonly string[] Measuring = ["memory", "throughput"];

    /// <summary>Whether the trial measures its process or the machine.</summary>
    public static bool Measures(TrialSpec spec) => spec.Probes().Any(Measuring.Contains);

    /// <summary>Whether a spare trainer gives the same numbers as a fresh one.</summary>
    public static bool Serves(TrialSpec spec) =>
        !Measures(spec)
        && spec.Integer("threads") == Threads
        && spec.Number("memory") is 0 or >= LeastMemory
        // A task that trains nothing needs no library, and is there sooner without.
        && TrainerCatalogue.Current.Tasks.Any(task =>
            task.Name == spec.Task && task.Axis is not null
        );
}
