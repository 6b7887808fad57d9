using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Harness.Domain.Telemetry;

/// <summary>The harness's own source of spans and its meter. Both cost nothing while nobody listens.</summary>
public static class HarnessTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "Harness";

    /// <summary><c>service.namespace</c> of every program.</summary>
    public const string Namespace = "harness";

    /// <summary>The variable that switches telemetry on.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Spans.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>Metrics: names and units by docs/telemetry.md.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>Whether an endpoint is set that telemetry can go to, and nobody has switched it off.</summary>
    public static bool Enabled =>
        Uri.TryCreate(
            Environment.GetEnvironmentVariable(EndpointVariable),
            UriKind.Absolute,
            out var endpoint
        )
        && (endpoint.Scheme is "http" or "https")
        && !string.Equals(
            Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"),
            "true",
            StringComparison.OrdinalIgnoreCase
        );
}
