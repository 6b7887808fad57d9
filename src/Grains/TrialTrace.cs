using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Harness.Domain.Api;

namespace Harness.Grains;

/// <summary>
/// One trace a trial: its root span links to the submit, and attempts on any worker are its children. The trace id
/// follows from submit, sweep and trial, so that it is the same after a silo was restarted; the submit's own trace is
/// part of it because sweep 1 and trial 1 exist in every database, and one collector may hear of many.
/// </summary>
internal sealed class TrialTrace
{
    /// <summary>Spans of the control plane.</summary>
    public static readonly ActivitySource Source = new("Harness.Grains");

    private readonly Dictionary<long, Activity> _trials = [];
    private readonly Dictionary<long, Activity> _attempts = [];

    /// <summary>An attempt begins.</summary>
    /// <returns>Trace context for the worker.</returns>
    public string Begin(AttemptSpan attempt)
    {
        var ambient = Activity.Current;
        try
        {
            if (!_trials.TryGetValue(attempt.Trial, out var root))
            {
                root = Root(attempt);
                if (root is null)
                {
                    return Untraced(attempt);
                }

                _trials.Add(attempt.Trial, root);
            }

            var span = Source.StartActivity(
                string.Create(CultureInfo.InvariantCulture, $"attempt {attempt.Number}"),
                ActivityKind.Producer,
                root.Context,
                [
                    new("harness.trial", Ids.Trial(attempt.Trial)),
                    new("harness.token", attempt.Token),
                    new("harness.worker", attempt.Worker),
                ]
            );
            if (span is null)
            {
                return Untraced(attempt);
            }

            _attempts[attempt.Token] = span;
            using (Source.StartActivity("lease", ActivityKind.Internal, span.Context)) { }
            return Text(span.Context);
        }
        finally
        {
            Activity.Current = ambient;
        }
    }

    /// <summary>An attempt ended, and with it perhaps its trial.</summary>
    public void End(long token, long trial, string state, bool trialEnded)
    {
        var ambient = Activity.Current;
        if (_attempts.Remove(token, out var attempt))
        {
            using (Source.StartActivity("record result", ActivityKind.Internal, attempt.Context))
            { }
            Close(attempt, state);
        }

        if (trialEnded && _trials.Remove(trial, out var root))
        {
            Close(root, state);
        }

        Activity.Current = ambient;
    }

    /// <summary>The silo stops: what is still open is sent as it stands, so that no span of a worker hangs in the air.</summary>
    public void Stop()
    {
        var ambient = Activity.Current;
        foreach (var span in _attempts.Values.Concat(_trials.Values))
        {
            Close(span, "handed_over");
        }

        _attempts.Clear();
        _trials.Clear();
        Activity.Current = ambient;
    }

    /// <summary>The trace id of a trial.</summary>
    public static ActivityTraceId TraceId(string? submit, long sweep, long trial) =>
        ActivityTraceId.CreateFromBytes(Hash(submit, sweep, trial).AsSpan(0, 16));

    private static Activity? Root(AttemptSpan attempt) =>
        Source.StartActivity(
            "trial",
            ActivityKind.Internal,
            // No parent span: the sweep is linked, since ten thousand children in one trace break every viewer.
            new ActivityContext(
                TraceId(attempt.Submit, attempt.Sweep, attempt.Trial),
                default,
                ActivityTraceFlags.Recorded,
                isRemote: true
            ),
            [
                new("harness.trial", Ids.Trial(attempt.Trial)),
                new("harness.sweep", Ids.Sweep(attempt.Sweep)),
                new("harness.model", attempt.Model),
                new("harness.task", attempt.Task),
            ],
            ActivityContext.TryParse(attempt.Submit, null, isRemote: true, out var submit)
                ? [new ActivityLink(submit)]
                : [],
            attempt.WaitsSince
        );

    private static void Close(Activity span, string state)
    {
        span.SetTag("harness.state", state);
        if (state is "failed" or "quarantined" or "lost")
        {
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }

    // Nobody listens here, but the worker may: it gets the same trace id.
    private static string Untraced(AttemptSpan attempt) =>
        Text(
            new ActivityContext(
                TraceId(attempt.Submit, attempt.Sweep, attempt.Trial),
                ActivitySpanId.CreateFromBytes(
                    Hash(attempt.Submit, attempt.Token, attempt.Trial).AsSpan(16, 8)
                ),
                ActivityTraceFlags.Recorded
            )
        );

    private static string Text(ActivityContext context) =>
        $"00-{context.TraceId.ToHexString()}-{context.SpanId.ToHexString()}-{(context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";

    private static byte[] Hash(string? submit, long first, long second) =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"trial/{submit}/{first}/{second}")
            )
        );
}

/// <summary>What the spans of an attempt say.</summary>
internal sealed record AttemptSpan
{
    /// <summary>Sweep whose turn it was.</summary>
    public required long Sweep { get; init; }

    /// <summary>Trial.</summary>
    public required long Trial { get; init; }

    /// <summary>Attempt.</summary>
    public required long Token { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>Worker.</summary>
    public required string Worker { get; init; }

    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>Task.</summary>
    public required string Task { get; init; }

    /// <summary>When the trial began to wait.</summary>
    public required DateTimeOffset WaitsSince { get; init; }

    /// <summary>Trace context of the submit, or null.</summary>
    public string? Submit { get; init; }
}
