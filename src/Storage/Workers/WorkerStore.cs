using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Workers;
using Npgsql;

namespace Harness.Storage.Workers;

/// <summary>Registers workers with their host, hardware and runtime.</summary>
/// <param name="db">The silo's role.</param>
public sealed class WorkerStore(NpgsqlDataSource db)
{
    // Another cluster has another identifier, another database of a cluster another oid.
    private const string Identity = """
        select s.system_identifier::text || '-' || d.oid::text
        from pg_control_system() s, pg_database d
        where d.datname = current_database()
        """;

    /// <summary>Id of this database.</summary>
    public async Task<string> DatabaseAsync(CancellationToken cancellation) =>
        (await db.Statement(Identity).ListAsync(row => row.GetString(0), cancellation))[0];

    /// <summary>Writes what a worker says of itself; again: the same.</summary>
    /// <returns>Id of this database.</returns>
    public async Task<string> JoinAsync(JoinRequest request, CancellationToken cancellation)
    {
        var hardware = Facts.Of(request.Hardware);
        var runtime = Facts.Of(request.Runtime);
        await using var batch = db.CreateBatch();
        batch.Add(
            "insert into hardware (id, facts) values ($1, $2::text::jsonb) on conflict do nothing",
            hardware.Id,
            hardware.Json
        );
        batch.Add(
            "insert into runtime (id, facts) values ($1, $2::text::jsonb) on conflict do nothing",
            runtime.Id,
            runtime.Json
        );
        batch.Add(
            """
            insert into host (id, hardware, cores, memory_bytes) values ($1, $2, $3, $4)
            on conflict (id) do update
                set hardware = excluded.hardware, cores = excluded.cores, memory_bytes = excluded.memory_bytes,
                    seen_at = clock_timestamp()
            """,
            request.HostId,
            hardware.Id,
            request.Cores,
            request.MemoryBytes
        );
        batch.Add(
            """
            insert into worker (id, name, host, hardware, runtime, slots, cores, memory_bytes, data)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb)
            on conflict (id) do update
                set name = excluded.name, host = excluded.host, hardware = excluded.hardware,
                    runtime = excluded.runtime, slots = excluded.slots, cores = excluded.cores,
                    memory_bytes = excluded.memory_bytes, data = excluded.data, state = 'ready',
                    joined_at = clock_timestamp(), seen_at = clock_timestamp()
            """,
            request.WorkerId,
            request.Name,
            request.HostId,
            hardware.Id,
            runtime.Id,
            request.Slots,
            request.Cores,
            request.MemoryBytes,
            JsonSerializer.Serialize(request.Data, DomainJson.Default.SortedDictionaryStringString)
        );
        batch.Add(Identity);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return (await reader.RowsAsync(row => row.GetString(0), cancellation))[0];
    }
}
