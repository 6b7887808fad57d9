using System.Diagnostics.Metrics;
using Harness.Domain.Telemetry;
using Harness.Domain.Workers;

namespace Harness.Silo.Workers;

/// <summary>Counts what workers hand in.</summary>
internal static class IngestMeter
{
    private static readonly Counter<long> Points = HarnessTelemetry.Meter.CreateCounter<long>(
        "harness.ingest.points",
        "{point}",
        "Points of curves that were taken in; what is sent again counts again."
    );

    private static readonly Histogram<long> BatchSize =
        HarnessTelemetry.Meter.CreateHistogram<long>(
            "harness.ingest.batch.size",
            "{point}",
            "Points of one message of a worker."
        );

    private static readonly Counter<long> Dropped = HarnessTelemetry.Meter.CreateCounter<long>(
        "harness.ingest.dropped",
        "{point}",
        "Points of attempts that were no longer current, and malformed ones."
    );

    /// <summary>One request and its answer.</summary>
    public static void Count(IngestRequest request, IngestReply reply)
    {
        var refused = reply
            .Refused.Concat((reply.Faults ?? []).Select(fault => fault.Token))
            .ToHashSet();
        var all = 0L;
        var lost = 0L;
        foreach (var data in request.Attempts)
        {
            var points = data.Points.Sum(chunk => (long)chunk.Steps.Count);
            all += points;
            lost += refused.Contains(data.Token) ? points : 0;
        }

        Points.Add(all - lost);
        BatchSize.Record(all);
        if (lost > 0)
        {
            Dropped.Add(lost);
        }
    }
}
