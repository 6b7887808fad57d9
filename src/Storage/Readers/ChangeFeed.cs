using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>Tells which sweeps changed: by notification, and by a look every two seconds where none comes.</summary>
/// <param name="db">Any role.</param>
public sealed class ChangeFeed(NpgsqlDataSource db)
{
    /// <summary>The notification's channel; its payload is numbers of sweeps with commas between.</summary>
    public const string Channel = "harness_sweep";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private readonly EventReader _events = new(db);

    /// <summary>Numbers of sweeps as they change, for ever; a number may come more often than the sweep changed.</summary>
    /// <remarks>
    /// First, and after a lost connection, come the live sweeps and those that ended a moment ago, so that nothing is
    /// missed between a reader's look and the first notification.
    /// </remarks>
    public async IAsyncEnumerable<long> SweepsAsync(
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var changes = System.Threading.Channels.Channel.CreateBounded<long>(
            new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var follow = FollowAsync(changes.Writer, stop.Token);
        try
        {
            await foreach (var sweep in changes.Reader.ReadAllAsync(cancellation))
            {
                yield return sweep;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await follow;
        }
    }

    private async Task FollowAsync(ChannelWriter<long> changes, CancellationToken cancellation)
    {
        var cursor = default(EventCursor?);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                cursor ??= await _events.NowAsync(cancellation);
                await using var connection = await db.OpenConnectionAsync(cancellation);
                connection.Notification += (_, notification) =>
                    Publish(changes, notification.Payload);
                await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(cancellation);
                }

                await GreetAsync(changes, cancellation);
                var heard = false;
                while (true)
                {
                    if (await connection.WaitAsync(Poll, cancellation))
                    {
                        heard = true;
                        continue;
                    }

                    // Where notifications come, all that is settled was told by one: a million events need no look.
                    cursor = heard
                        ? await _events.NowAsync(cancellation)
                        : await LookAsync(changes, cursor.Value, cancellation);
                    heard = false;
                }
            }
            catch (Exception failure)
                when (failure is NpgsqlException or IOException or TimeoutException)
            {
                await Task.Delay(Poll, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task GreetAsync(ChannelWriter<long> changes, CancellationToken cancellation)
    {
        var sweeps = await db.Statement(
                """
                select sweep_id from v1_sweep_ids
                where ended_at is null or ended_at > clock_timestamp() - interval '1 minute'
                order by sweep_id desc
                limit 1000
                """
            )
            .ListAsync(row => row.GetInt64(0), cancellation);
        sweeps.ForEach(sweep => changes.TryWrite(sweep));
    }

    private async Task<EventCursor> LookAsync(
        ChannelWriter<long> changes,
        EventCursor cursor,
        CancellationToken cancellation
    )
    {
        const int limit = 1_000;
        while (true)
        {
            var events = await _events.AfterAsync(cursor, limit, cancellation);
            var trials = events.Where(e => e.Trial != null).Select(e => e.Trial!.Value);
            var sweeps = await SweepsOfAsync([.. trials], cancellation);
            foreach (var sweep in sweeps.Concat(events.Select(e => e.Sweep ?? 0)).Distinct())
            {
                if (sweep > 0)
                {
                    changes.TryWrite(sweep);
                }
            }

            cursor = events.Count > 0 ? events[^1].Cursor : cursor;
            if (events.Count < limit)
            {
                return cursor;
            }
        }
    }

    private async Task<List<long>> SweepsOfAsync(long[] trials, CancellationToken cancellation) =>
        await db.Statement(
                """
                select sweep_id from v1_trials where trial_id = any ($1)
                union
                select sweep_id from v1_trials
                where trial_id in (select trial_id from v1_attempts where state = 'started')
                """,
                trials
            )
            .ListAsync(row => row.GetInt64(0), cancellation);

    private static void Publish(ChannelWriter<long> changes, string payload)
    {
        foreach (var part in payload.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                changes.TryWrite(id);
            }
        }
    }
}
