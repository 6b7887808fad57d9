using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Harness.Training;

/// <summary>Spans of a trainer, below the attempt's span that <c>TRACEPARENT</c> names; off without an endpoint.</summary>
public static class TrainerTrace
{
    private const int FlushMilliseconds = 2000; // a dead collector must not hold up a result for longer

    private static readonly ActivitySource Source = new("Harness.Training");

    /// <summary>Runs the work inside a span, exported when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
    public static void Run(string name, Action work)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")))
        {
            work(); // nothing of the exporter is loaded
            return;
        }

        Export(name, work);
    }

    private static void Export(string name, Action work)
    {
        using var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(Source.Name)
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("harness-trainer"))
            .AddOtlpExporter()
            .Build();
        ActivityContext.TryParse(
            Environment.GetEnvironmentVariable("TRACEPARENT"),
            Environment.GetEnvironmentVariable("TRACESTATE"),
            isRemote: true,
            out var parent
        );
        using (Source.StartActivity(name, ActivityKind.Internal, parent))
        {
            work();
        }

        provider.ForceFlush(FlushMilliseconds);
    }
}
