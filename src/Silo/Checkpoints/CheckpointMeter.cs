using System.Diagnostics.Metrics;
using Harness.Domain.Telemetry;

namespace Harness.Silo.Checkpoints;

/// <summary>Counts what workers bring to be kept.</summary>
internal static class CheckpointMeter
{
    private static Meter Meter => HarnessTelemetry.Meter;

    public static readonly Histogram<long> Size = Meter.CreateHistogram<long>(
        "harness.checkpoint.size",
        "By",
        "Bytes of a checkpoint that was stored."
    );

    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "harness.checkpoint.duration",
        "s",
        "From the first byte of a checkpoint to its commit."
    );

    public static readonly Counter<long> Rejected = Meter.CreateCounter<long>(
        "harness.checkpoint.rejected",
        "{checkpoint}",
        "Checkpoints that were not taken: damaged, of a replaced attempt, or no room."
    );
}
