using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Harness.Domain;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Sweeps;

/// <summary>
/// A sweep as server-sent events: <c>summary</c> at each change, <c>ping</c> while nothing changes, <c>end</c> after
/// the last summary.
/// </summary>
public static class SweepEvents
{
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(15);

    /// <summary><c>GET /api/v1/sweeps/{sweep}/events</c>.</summary>
    public static async Task<IResult> OpenAsync(
        SweepReader sweeps,
        SweepFeed feed,
        TimeProvider clock,
        string sweep,
        HttpContext context,
        CancellationToken cancellation
    )
    {
        if (
            await SweepLookup.IdAsync(sweeps, sweep, cancellation) is not { } id
            || await sweeps.SpecKeyAsync(id, cancellation) is null
        )
        {
            return SweepLookup.Missing(sweep);
        }

        // A stream that stays open must not hold up a stop.
        var stopping = context
            .RequestServices.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopping;
        return TypedResults.ServerSentEvents(EventsAsync(feed, id, clock, stopping, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        SweepFeed feed,
        long sweep,
        TimeProvider clock,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        var summaries = feed.WatchAsync(sweep, end.Token).GetAsyncEnumerator(end.Token);
        var next = summaries.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                await Task.WhenAny(next, Task.Delay(Ping, clock, pause.Token));
                await pause.CancelAsync();
                if (end.IsCancellationRequested)
                {
                    yield break;
                }

                if (!next.IsCompleted)
                {
                    yield return new SseItem<string>("{}", "ping");
                    continue;
                }

                if (!await next)
                {
                    yield return new SseItem<string>("{}", "end");
                    yield break;
                }

                yield return new SseItem<string>(
                    JsonSerializer.Serialize(summaries.Current, DomainJson.Default.SweepSummary),
                    "summary"
                );
                next = summaries.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            await end.CancelAsync();
            // The enumerator may not be disposed while it moves.
            await next.ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            await summaries.DisposeAsync();
        }
    }
}
