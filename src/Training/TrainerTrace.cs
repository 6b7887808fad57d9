using System.Diagnostics;
using System.Runtime.CompilerServices;
using Harness.Domain.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Harness.Training;

/// <summary>
/// Spans of a trainer, below the worker's span that <c>TRACEPARENT</c> names. They are kept until the trial has ended:
/// the exporter's code, threads and memory are no part of what a trial measures.
/// </summary>
public sealed class TrainerTrace : IDisposable
{
    private const int LongestMilliseconds = 10_000; // on a machine whose cores are all taken
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1); // with a collector that hangs
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(5); // CPU in a beat

    private const string Name = "Harness.Training";

    private static readonly ActivitySource Source = new(Name);

    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;

    /// <summary>The worker's span, from the request; null: what the environment names.</summary>
    public static string? Parent { get; set; }

    private TrainerTrace()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Name,
            Sample = Sample,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Begins to keep spans; null where telemetry is off. Its end hands them to the collector.</summary>
    public static TrainerTrace? Begin() => HarnessTelemetry.Enabled ? new() : null;

    /// <summary>Does a piece of work inside a span; the outermost one is a child of the worker's.</summary>
    public static void Span(
        string name,
        Action work,
        params ReadOnlySpan<(string Key, object Value)> tags
    )
    {
        using var span = Activity.Current is null
            ? Source.StartActivity(name, ActivityKind.Internal, Context())
            : Source.StartActivity(name);
        foreach (var (key, value) in tags)
        {
            span?.SetTag(key, value);
        }

        try
        {
            work();
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message.Split('\n')[0]);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        if (_ended.Count > 0)
        {
            Export(_ended);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Export(IEnumerable<Activity> spans)
    {
        var processor = new BatchActivityExportProcessor(
            new OtlpTraceExporter(
                new OtlpExporterOptions { TimeoutMilliseconds = LongestMilliseconds }
            )
        );
        var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource =>
                resource
                    .AddService(
                        "harness-trainer",
                        HarnessTelemetry.Namespace,
                        typeof(TrainerTrace).Assembly.GetName().Version?.ToString(3)
                    )
                    .AddAttributes([
                        new("host.name", Environment.MachineName),
                        new("process.pid", (long)Environment.ProcessId),
                    ])
            )
            .AddProcessor(processor)
            .Build();
        foreach (var span in spans)
        {
            processor.OnEnd(span);
        }

        Await(Task.Run(() => provider.Shutdown(LongestMilliseconds)));
    }

    // A process that does nothing has sent what it has, and waits for an answer that it does not need; one that is
    // still at work is short of CPU, and is let finish. Its end ends what is left.
    private static void Await(Task sent)
    {
        var begin = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        while (!sent.Wait(Beat))
        {
            var now = Environment.CpuUsage.TotalTime;
            if (now - before < Idle && Stopwatch.GetElapsedTime(begin) > Patience)
            {
                return;
            }

            before = now;
        }
    }

    // The worker's span says whether the trace is recorded; a trainer that runs alone begins its own.
    private static ActivitySamplingResult Sample(
        ref ActivityCreationOptions<ActivityContext> span
    ) =>
        span.Parent == default || span.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            ? ActivitySamplingResult.AllDataAndRecorded
            : ActivitySamplingResult.None;

    private static ActivityContext Context() =>
        ActivityContext.TryParse(
            Parent ?? Environment.GetEnvironmentVariable("TRACEPARENT"),
            Environment.GetEnvironmentVariable("TRACESTATE"),
            isRemote: true,
            out var parent
        )
            ? parent
            : default;
}
