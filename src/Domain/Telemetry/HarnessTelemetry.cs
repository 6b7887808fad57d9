using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Harness.Domain.Telemetry;

/// <summary>The harness's own source of spans and its meter. Both cost nothing while nobody listens.</summary>
public static class HarnessTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "Harness";

    /// <summary>Spans.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>Metrics: names and units by the page on observability.</summary>
    public static Meter Meter { get; } = new(Name);
}
