using System.Diagnostics.Metrics;
using Harness.Domain.Telemetry;

namespace Harness.Grains;

/// <summary>Counters of the control plane. Ids of trials go on spans, never on a metric.</summary>
internal static class HarnessMeter
{
    private static Meter Meter => HarnessTelemetry.Meter;

    public static readonly Counter<long> SweepsSubmitted = Meter.CreateCounter<long>(
        "harness.sweep.submitted",
        "{sweep}",
        "Sweeps that were stored."
    );

    public static readonly Counter<long> SweepsCompleted = Meter.CreateCounter<long>(
        "harness.sweep.completed",
        "{sweep}",
        "Sweeps that ended, by their state."
    );

    public static readonly Counter<long> Transitions = Meter.CreateCounter<long>(
        "harness.trial.transitions",
        "{transition}",
        "Changes of trials from a state to another."
    );

    public static readonly Histogram<double> QueueWait = Meter.CreateHistogram<double>(
        "harness.trial.queue.wait",
        "s",
        "From the moment a trial may run to its lease."
    );

    public static readonly Counter<long> LeasesExpired = Meter.CreateCounter<long>(
        "harness.attempt.lease.expired",
        "1",
        "Leases whose worker gave no sign of life."
    );

    public static readonly Counter<long> LeaseRenewals = Meter.CreateCounter<long>(
        "harness.attempt.lease.renewals",
        "1",
        "Heartbeats that prolonged a lease."
    );

    public static readonly Counter<long> FencedWrites = Meter.CreateCounter<long>(
        "harness.fenced_writes",
        "{write}",
        "Results with a token that was no longer current."
    );

    public static readonly Counter<double> DatabaseOutage = Meter.CreateCounter<double>(
        "harness.db.outage.duration",
        "s",
        "Time in which the dispatcher could not write."
    );

    public static readonly Counter<long> InvariantViolations = Meter.CreateCounter<long>(
        "harness.invariant.violations",
        "{violation}",
        "Promises about the history that do not hold, by their number; 0 or there is a fault in the harness."
    );

    /// <summary>A trial changed its state.</summary>
    public static void Transition(string from, string to) =>
        Transitions.Add(1, new("from", from), new KeyValuePair<string, object?>("to", to));
}
