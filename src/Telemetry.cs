using System.Reflection;
using System.Runtime.CompilerServices;
using Harness.Domain.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Harness;

/// <summary>OpenTelemetry of a host: off unless an OTLP endpoint is set, and never a reason to fail.</summary>
internal static class Telemetry
{
    private const string Prefix = "OTEL_";

    // A collector that hangs holds up a stop for so long. With five seconds a busy machine lost a stop's metrics.
    private const int PatienceMilliseconds = 10_000;

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
        if (HarnessTelemetry.Enabled)
        {
            Export(builder, service, traces);
        }
    }

    // A method of its own: where telemetry is off, nothing of the exporter is even loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Export(
        IHostApplicationBuilder builder,
        string service,
        Action<TracerProviderBuilder>? traces
    )
    {
        Configure(builder.Configuration);
        builder.Logging.AddOpenTelemetry(logs =>
            (logs.IncludeScopes, logs.IncludeFormattedMessage) = (true, true)
        );
        // The first hosted service is the last to be stopped.
        builder.Services.AddHostedService<LastWords>();
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, service))
            .WithTracing(tracing =>
            {
                tracing
                    .SetSampler(new ParentBasedSampler(new FirstSpans()))
                    .AddSource(Sources)
                    .AddHttpClientInstrumentation(WithoutPolls);
                traces?.Invoke(tracing);
            })
            .WithMetrics(metrics =>
                metrics.AddMeter(Meters).AddHttpClientInstrumentation().AddRuntimeInstrumentation()
            )
            .UseOtlpExporter();
    }

    // The exporter reads the host's configuration, and not every host has the environment in it.
    private static void Configure(IConfigurationManager configuration)
    {
        var settings = new Dictionary<string, string?>();
        foreach (
            System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables()
        )
        {
            if (((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal))
            {
                settings[(string)variable.Key] = (string?)variable.Value;
            }
        }

        configuration.AddInMemoryCollection(settings);
    }

    // Ours comes last: one OTEL_SERVICE_NAME for all programs of a machine would make them one service.
    private static void Describe(ResourceBuilder resource, string service) =>
        resource
            .AddService(
                service,
                HarnessTelemetry.Namespace,
                typeof(Telemetry)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                    ?.InformationalVersion
            )
            .AddAttributes([
                new("host.name", Environment.MachineName),
                new("process.pid", (long)Environment.ProcessId),
            ]);

    // A worker asks for work all the time: a trace for each poll would bury those of the trials.
    private static void WithoutPolls(HttpClientTraceInstrumentationOptions options) =>
        options.FilterHttpRequestMessage = request =>
            request.RequestUri?.AbsolutePath.StartsWith("/worker/v1/", StringComparison.Ordinal)
            != true;

    /// <summary>
    /// A trace begins with a request that a program chose to trace, or with a trial. What programs ask each other and
    /// the database by themselves, a few times a second for ever, begins none.
    /// </summary>
    private sealed class FirstSpans : Sampler
    {
        private static readonly string[] Names =
        [
            "Microsoft.AspNetCore.Hosting.HttpRequestIn",
            "sweep submit",
            "trial",
        ];

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(
                Names.Contains(samplingParameters.Name)
                    ? SamplingDecision.RecordAndSample
                    : SamplingDecision.Drop
            );
    }

    /// <summary>
    /// Hands in the rest of traces, metrics and logs when all else has stopped, at once and not one after another:
    /// a collector that hangs holds up a stop once.
    /// </summary>
    private sealed class LastWords(
        TracerProvider traces,
        MeterProvider metrics,
        LoggerProvider logs
    ) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) =>
            Task.WhenAll(
                Task.Run(() => traces.Shutdown(PatienceMilliseconds), cancellationToken),
                Task.Run(() => metrics.Shutdown(PatienceMilliseconds), cancellationToken),
                Task.Run(() => logs.Shutdown(PatienceMilliseconds), cancellationToken)
            );
    }
}
