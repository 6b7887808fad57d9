using System.Globalization;
using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>Where a follower of the history stands.</summary>
/// <param name="Transaction">Writing transaction of the last event that it has.</param>
/// <param name="Event">That event.</param>
public readonly record struct EventCursor(ulong Transaction, long Event);

/// <summary>An event as a follower sees it.</summary>
/// <param name="Cursor">Go on after it.</param>
/// <param name="Sweep">Sweep, or null for an event of a trial.</param>
/// <param name="Trial">Trial, or null for an event of a sweep.</param>
/// <param name="Kind">What happened.</param>
public sealed record FollowedEvent(EventCursor Cursor, long? Sweep, long? Trial, string Kind);

/// <summary>Follows the history without missing what commits late.</summary>
/// <remarks>
/// Numbers are given when a row is written and seen when it is committed, so "number greater than my last" skips rows.
/// Events of transactions below the snapshot's xmin are all there: nothing can come before them any more.
/// </remarks>
/// <param name="db">Any role.</param>
public sealed class EventReader(NpgsqlDataSource db)
{
    /// <summary>The next events, oldest first.</summary>
    public async Task<IReadOnlyList<FollowedEvent>> AfterAsync(
        EventCursor cursor,
        int limit,
        CancellationToken cancellation
    ) =>
        await db.Statement(
                """
                select xact::text as transaction, event_id, sweep_id, trial_id, kind
                from v1_events
                where settled and (xact, event_id) > ($1::text::xid8, $2)
                order by xact, event_id
                limit $3
                """,
                cursor.Transaction.ToString(CultureInfo.InvariantCulture),
                cursor.Event,
                limit
            )
            .ListAsync(
                row => new FollowedEvent(
                    new EventCursor(
                        ulong.Parse(row.Get<string>("transaction"), CultureInfo.InvariantCulture),
                        row.Get<long>("event_id")
                    ),
                    row.Nullable<long>("sweep_id"),
                    row.Nullable<long>("trial_id"),
                    row.Get<string>("kind")
                ),
                cancellation
            );

    /// <summary>A cursor behind everything that is settled now.</summary>
    public async Task<EventCursor> NowAsync(CancellationToken cancellation)
    {
        var rows = await db.Statement("select pg_snapshot_xmin(pg_current_snapshot())::text")
            .ListAsync(row => row.GetString(0), cancellation);
        return new EventCursor(
            ulong.Parse(rows[0], CultureInfo.InvariantCulture) - 1,
            long.MaxValue
        );
    }
}
