using System.Diagnostics.Metrics;

namespace Harness.Grains;

/// <summary>Counters of the control plane. Ids of trials go on spans, never on a metric.</summary>
internal static class HarnessMeter
{
    private static readonly Meter Meter = new("Harness");

    public static readonly Counter<long> SweepsSubmitted = Meter.CreateCounter<long>(
        "harness.sweep.submitted",
        "{sweep}"
    );

    public static readonly Counter<long> SweepsCompleted = Meter.CreateCounter<long>(
        "harness.sweep.completed",
        "{sweep}"
    );

    public static readonly Counter<long> Transitions = Meter.CreateCounter<long>(
        "harness.trial.transitions",
        "{transition}"
    );

    public static readonly Histogram<double> QueueWait = Meter.CreateHistogram<double>(
        "harness.trial.queue.wait",
        "s"
    );

    public static readonly Counter<long> LeasesExpired = Meter.CreateCounter<long>(
        "harness.attempt.lease.expired",
        "1"
    );

    public static readonly Counter<long> LeaseRenewals = Meter.CreateCounter<long>(
        "harness.attempt.lease.renewals",
        "1"
    );

    public static readonly Counter<long> FencedWrites = Meter.CreateCounter<long>(
        "harness.fenced_writes",
        "{write}"
    );

    public static readonly Counter<double> DatabaseOutage = Meter.CreateCounter<double>(
        "harness.db.outage.duration",
        "s"
    );

    /// <summary>A trial changed its state.</summary>
    public static void Transition(string from, string to) =>
        Transitions.Add(1, new("from", from), new KeyValuePair<string, object?>("to", to));
}
