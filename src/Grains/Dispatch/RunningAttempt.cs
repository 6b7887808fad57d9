using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Grains.Dispatch;

/// <summary>What a trial takes of its host.</summary>
/// <param name="Threads">Cores.</param>
/// <param name="MemoryBytes">Memory; 0 where it names none.</param>
internal readonly record struct Need(int Threads, long MemoryBytes)
{
    /// <summary>The need of a trial.</summary>
    public static Need Of(TrialSpec spec) =>
        new(
            (int)Math.Clamp(Setting(spec, "threads"), 1, int.MaxValue),
            Math.Max(0, Setting(spec, "memory"))
        );

    /// <summary>In words.</summary>
    public string Words => new Share(Threads, MemoryBytes).Words;

    private static long Setting(TrialSpec spec, string name) =>
        spec.Settings.TryGetValue(name, out var value) && value.IsInteger ? value.Integer : 0;
}

/// <summary>An attempt that is leased or started.</summary>
/// <param name="lease">What its worker is told.</param>
/// <param name="worker">Its worker.</param>
/// <param name="sweeps">Sweeps that count it among their running trials.</param>
internal sealed class RunningAttempt(Lease lease, string worker, IReadOnlyCollection<long> sweeps)
{
    /// <summary>What its worker is told.</summary>
    public Lease Lease { get; } = lease;

    /// <summary>Its worker.</summary>
    public string Worker { get; } = worker;

    /// <summary>Sweeps that count it among their running trials.</summary>
    public IReadOnlyCollection<long> Sweeps { get; } = sweeps;

    /// <summary>Whether its worker has named it: until then the lease is given again.</summary>
    public bool Confirmed { get; set; }

    /// <summary>Its token.</summary>
    public long Token => Lease.Token;

    /// <summary>What it takes of its host.</summary>
    public Need Need { get; } = Need.Of(lease.Spec);
}
