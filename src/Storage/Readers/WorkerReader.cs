using Harness.Domain.Api;
using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>Reads workers from the public views.</summary>
/// <param name="db">Any role.</param>
public sealed class WorkerReader(NpgsqlDataSource db)
{
    /// <summary>All that are here or were lost, those that are here first.</summary>
    public async Task<IReadOnlyList<WorkerRow>> ListAsync(CancellationToken cancellation) =>
        await db.Statement(
                """
                select worker, name, host, state, slots, busy, hardware, seen_at
                from v1_workers
                order by state = 'left', state = 'lost', name, worker
                limit 500
                """
            )
            .ListAsync(
                row => new WorkerRow
                {
                    Worker = row.Get<string>("worker"),
                    Name = row.Get<string>("name"),
                    Host = row.Get<string>("host"),
                    State = row.Get<string>("state"),
                    Slots = row.Get<int>("slots"),
                    Busy = row.Get<int>("busy"),
                    Hardware = row.Get<string>("hardware"),
                    SeenAt = row.Get<DateTimeOffset>("seen_at"),
                },
                cancellation
            );
}
