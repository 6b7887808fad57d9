using Harness.Storage.Invariants;
using Microsoft.Extensions.Logging;

namespace Harness.Grains.Dispatch;

/// <summary>Looks at what changed, whether every promise about the history holds.</summary>
/// <remarks>It only tells. A look that fails is made up for by the next, which begins where the last one ended.</remarks>
internal sealed partial class InvariantWatch(
    InvariantReader invariants,
    ILogger<InvariantWatch> logger
)
{
    // Reads beside the lane, and must never hold up a stop or an outage.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private string? _since;

    /// <summary>One look; the first only marks where to begin.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Patience);
        try
        {
            if (_since is not { } since)
            {
                _since = await invariants.NowAsync(limited.Token);
                return;
            }

            var report = await invariants.CheckAsync(since, limited.Token);
            _since = report.Next;
            foreach (var violation in report.Violations)
            {
                HarnessMeter.InvariantViolations.Add(
                    1,
                    new KeyValuePair<string, object?>("invariant", violation.Invariant)
                );
                LogViolation(violation.Invariant, violation.What);
            }
        }
        catch (Exception failure) when (Outage.Is(failure))
        {
            // The dispatcher tells of outages.
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A promise does not hold, which is a fault of the harness: {Invariant}: {What}."
    )]
    private partial void LogViolation(string invariant, string what);
}
