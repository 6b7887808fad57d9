using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Harness.Domain.Telemetry;

/// <summary>
/// A trial's trace: its id derives from the sweep and the trial, so that all attempts share one trace,
/// whoever leases them and however often a silo starts anew. It links to the submit of the sweep: as children of
/// the submit, ten thousand trials would make one trace that no viewer opens.
/// </summary>
public static class TrialTrace
{
    [ThreadStatic]
    private static ActivityTraceId? _next;

    static TrialTrace() =>
        Activity.TraceIdGenerator = () => _next ?? ActivityTraceId.CreateRandom();

    /// <summary>The trace of a trial.</summary>
    public static ActivityTraceId IdOf(long sweep, long trial)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(key, sweep);
        BinaryPrimitives.WriteInt64BigEndian(key[8..], trial);
        return ActivityTraceId.CreateFromBytes(SHA256.HashData(key).AsSpan(0, 16));
    }

    /// <summary>
    /// Starts the span under which one attempt runs, as a root of the trial's trace. Its <see cref="Activity.Id"/> is
    /// the lease's trace parent. End it when the lease is recorded.
    /// </summary>
    /// <param name="sweep">The sweep for which the trial is leased.</param>
    /// <param name="trial">The trial.</param>
    /// <param name="number">1 for the first attempt.</param>
    /// <param name="submit">W3C trace context of the submit, or null.</param>
    /// <returns>Null while nobody listens.</returns>
    public static Activity? StartAttempt(long sweep, long trial, int number, string? submit)
    {
        if (!HarnessTelemetry.Spans.HasListeners())
        {
            return null;
        }

        var outer = Activity.Current;
        Activity.Current = null; // the caller's span is the worker's poll, which is no part of the trial
        _next = IdOf(sweep, trial);
        try
        {
            var span = HarnessTelemetry.Spans.StartActivity(
                "attempt lease",
                ActivityKind.Internal,
                default(ActivityContext),
                [
                    new("harness.sweep", sweep),
                    new("harness.trial", trial),
                    new("harness.attempt", number),
                ],
                Parse(submit) is { } context ? [new ActivityLink(context)] : []
            );
            return span;
        }
        finally
        {
            _next = null;
            Activity.Current = outer;
        }
    }

    /// <summary>The context of a <c>traceparent</c>, or null where there is none.</summary>
    public static ActivityContext? Parse(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var context)
            ? context
            : null;
}
