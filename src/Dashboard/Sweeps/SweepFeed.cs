using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Storage.Readers;
using Npgsql;

namespace Harness.Dashboard.Sweeps;

/// <summary>
/// Tells any number of watchers how their sweeps stand, woken over one connection to the database; each reads its
/// summary four times a second at most.
/// </summary>
public sealed partial class SweepFeed(
    ChangeFeed changes,
    SweepReader sweeps,
    TimeProvider clock,
    ILogger<SweepFeed> log
) : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<
        long,
        ConcurrentDictionary<Channel<bool>, byte>
    > _watchers = new();

    /// <summary>The summaries of a sweep as they change, the first at once; ends after the last.</summary>
    public async IAsyncEnumerable<SweepSummary> WatchAsync(
        long sweep,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        // One waiting signal is enough: a watcher that is slow reads the newest summary, not all of them.
        var signal = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        var group = _watchers.GetOrAdd(sweep, _ => new());
        group.TryAdd(signal, 0);
        try
        {
            string? last = null;
            while (await sweeps.SummaryAsync(sweep, cancellation) is { } summary)
            {
                var text = JsonSerializer.Serialize(summary, DomainJson.Default.SweepSummary);
                if (text != last)
                {
                    last = text;
                    yield return summary;
                }

                if (SweepEnd.IsReached(summary.State))
                {
                    yield break;
                }

                await Task.Delay(Shortest, clock, cancellation);
                await WaitAsync(signal.Reader, cancellation);
            }
        }
        finally
        {
            group.TryRemove(signal, out _);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var sweep in changes.SweepsAsync(stoppingToken))
                {
                    foreach (var watcher in _watchers.GetValueOrDefault(sweep)?.Keys ?? [])
                    {
                        watcher.Writer.TryWrite(true);
                    }
                }
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
            {
                Lost(log, failure);
                await Task.Delay(Longest, clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Until something changed, or two seconds: steps of running trials are told by nobody.</summary>
    private async Task WaitAsync(ChannelReader<bool> signal, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var wake = signal.WaitToReadAsync(limit.Token).AsTask();
        await Task.WhenAny(wake, Task.Delay(Longest, clock, limit.Token));
        await limit.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        signal.TryRead(out _);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the database's changes; trying again")]
    private static partial void Lost(ILogger logger, Exception failure);
}
