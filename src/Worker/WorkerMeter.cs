using System.Diagnostics.Metrics;
using Harness.Domain.Telemetry;

namespace Harness.Worker;

/// <summary>Counters of a worker. Ids of trials go on spans, never on a metric.</summary>
internal static class WorkerMeter
{
    private static Meter Meter => HarnessTelemetry.Meter;

    public static readonly Histogram<double> StartLatency = Meter.CreateHistogram<double>(
        "harness.attempt.start.latency",
        "s",
        "From a lease's arrival to its trainer's first step, by whether a spare trainer took it."
    );

    public static readonly UpDownCounter<long> Slots = Meter.CreateUpDownCounter<long>(
        "harness.worker.slots",
        "{slot}",
        "Slots by their state: free, busy, draining."
    );

    public static readonly UpDownCounter<long> SpoolBytes = Meter.CreateUpDownCounter<long>(
        "harness.ingest.spool.bytes",
        "By",
        "What waits on a worker's disk to be handed in."
    );

    public static readonly Counter<long> SpoolDropped = Meter.CreateCounter<long>(
        "harness.ingest.spool.dropped",
        "{point}",
        "Points of curves that a full spool had to give up."
    );
}
