using Harness.Domain.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Harness;

/// <summary>OpenTelemetry of a host: off unless an OTLP endpoint is set, and never a reason to fail.</summary>
internal static class Telemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TimeoutVariable = "OTEL_EXPORTER_OTLP_TIMEOUT";

    // Sources by name: a program that lacks the library of one of them simply never hears from it.
    private static readonly string[] Sources =
    [
        HarnessTelemetry.Name,
        $"{HarnessTelemetry.Name}.*",
        "Npgsql",
        "Microsoft.Orleans.Application",
    ];

    private static readonly string[] Meters =
    [
        HarnessTelemetry.Name,
        $"{HarnessTelemetry.Name}.*",
        "Npgsql",
        "Microsoft.Orleans",
        "Microsoft.AspNetCore.Hosting",
    ];

    /// <summary>Whether an endpoint is set that telemetry can go to.</summary>
    public static bool Enabled =>
        Uri.TryCreate(
            Environment.GetEnvironmentVariable(EndpointVariable),
            UriKind.Absolute,
            out var endpoint
        ) && endpoint.Scheme is "http" or "https";

    /// <summary>Adds traces, metrics and logs of this program to its host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service"><c>service.name</c>, e.g. <c>harness-silo</c>.</param>
    /// <param name="traces">Instrumentation that only this program has, e.g. of its HTTP endpoint.</param>
    public static void Add(
        IHostApplicationBuilder builder,
        string service,
        Action<TracerProviderBuilder>? traces = null
    )
    {
        if (!Enabled)
        {
            return;
        }

        // A collector that is away must not hold up a stop: each signal is flushed within this time.
        if (builder.Configuration[TimeoutVariable] is null)
        {
            builder.Configuration[TimeoutVariable] = "2000";
        }

        builder.Logging.AddOpenTelemetry(logs => logs.IncludeScopes = true);
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, "harness"))
            .WithTracing(tracing =>
            {
                tracing.AddSource(Sources).AddHttpClientInstrumentation(WithoutPolls);
                traces?.Invoke(tracing);
            })
            .WithMetrics(metrics =>
                metrics.AddMeter(Meters).AddHttpClientInstrumentation().AddRuntimeInstrumentation()
            )
            .WithLogging()
            .UseOtlpExporter();
    }

    // A worker asks for work all the time: a trace for each poll would bury those of the trials.
    private static void WithoutPolls(HttpClientTraceInstrumentationOptions options) =>
        options.FilterHttpRequestMessage = request =>
            request.RequestUri?.AbsolutePath.StartsWith("/worker/v1/", StringComparison.Ordinal)
            != true;
}
