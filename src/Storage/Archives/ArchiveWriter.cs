using System.Text.Json.Nodes;
using Harness.Domain;
using Harness.Domain.Api;
using Npgsql;

namespace Harness.Storage.Archives;

/// <summary>
/// Reads an archive back: one transaction from its first row to its last. In the database that it is from, its numbers
/// stay what they were; elsewhere every number is drawn anew.
/// </summary>
public sealed class ArchiveWriter : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly ArchiveNumbers _numbers = new();
    private readonly bool _isHome;
    private readonly string _by;

    private ArchiveWriter(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        bool isHome,
        string by
    )
    {
        (_connection, _transaction, _isHome, _by) = (connection, transaction, isHome, by);
    }

    /// <summary>Begins.</summary>
    /// <param name="db">The silo's role.</param>
    /// <param name="isHome">Whether the archive is from this database.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<ArchiveWriter> BeginAsync(
        NpgsqlDataSource db,
        bool isHome,
        string by,
        CancellationToken cancellation
    )
    {
        var connection = await db.OpenConnectionAsync(cancellation);
        return new ArchiveWriter(
            connection,
            await connection.BeginTransactionAsync(cancellation),
            isHome,
            by
        );
    }

    /// <summary>Writes rows of a table; the tables come in the order of the archive.</summary>
    /// <exception cref="HarnessException">The sweep is here already.</exception>
    public async Task AddAsync(
        string table,
        IReadOnlyList<string> rows,
        CancellationToken cancellation
    )
    {
        var known =
            ArchiveTables.All.FirstOrDefault(one => one.Name == table)
            ?? throw new HarnessException(
                $"The archive has a table '{table}' that this version does not know.",
                HarnessException.BadInput
            );
        var objects = rows.Select(row => JsonNode.Parse(row)!.AsObject()).ToList();
        switch (table)
        {
            case "sweep":
                await SweepAsync(objects[0], cancellation);
                break;
            case "trial":
                objects = await TrialsAsync(objects, cancellation);
                break;
            case ArchiveTables.Tokens:
                await TokensAsync(objects, cancellation);
                return;
            case "attempt":
                await EpochsAsync(objects, cancellation);
                break;
        }

        var written = objects.Select(_numbers.Of).OfType<JsonObject>().ToList();
        if (written.Count > 0)
        {
            await InsertAsync(known, new JsonArray([.. written]), cancellation);
        }
    }

    /// <summary>Tells of it in the history, and commits.</summary>
    public async Task<Restored> CommitAsync(CancellationToken cancellation)
    {
        var trials = _numbers.Trials.ToArray();
        await using (var tell = new NpgsqlBatch(_connection))
        {
            tell.Add(
                """
                with told as (update sweep set sequence = n.last + 1
                    from (select max(sequence) as last from event where sweep = $1) n
                    where id = $1 returning id, sequence, state)
                insert into event (sweep, sequence, kind, from_state, to_state, detail)
                select
                    id, sequence, 'restored',
                    (select to_state from event e where e.sweep = t.id order by e.sequence desc limit 1), state, $2
                from told t
                """,
                _numbers.Sweep,
                $"by {_by}"
            );
            tell.Add(
                """
                with told as (update trial t set sequence = n.last + 1
                    from (select trial, max(sequence) as last from event where trial = any ($1) group by trial) n
                    where t.id = n.trial returning t.id, t.sequence, t.state)
                insert into event (trial, sequence, kind, from_state, to_state)
                select
                    id, sequence, 'restored',
                    (select to_state from event e where e.trial = t.id order by e.sequence desc limit 1), state
                from told t
                """,
                trials
            );
            await tell.ExecuteNonQueryAsync(cancellation);
        }

        await _transaction.CommitAsync(cancellation);
        return new Restored(Ids.Sweep(_numbers.Sweep), trials.Length, _numbers.Shared.Count);
    }

    /// <summary>What was not committed is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task SweepAsync(JsonObject sweep, CancellationToken cancellation)
    {
        var here = await _connection
            .Statement("select id from sweep where spec_key = $1", (string)sweep["spec_key"]!)
            .ListAsync(row => row.GetInt64(0), cancellation);
        if (here.Count > 0)
        {
            throw new HarnessException(
                $"The sweep of this archive is here already: {Ids.Sweep(here[0])}.",
                HarnessException.BadInput
            );
        }

        _numbers.Sweep = _isHome
            ? (long)sweep["id"]!
            : (await DrawAsync("sweep_id_seq", 1, cancellation))[0];
        sweep["id"] = _numbers.Sweep;
    }

    // At home one that another sweep has kept is the same trial; elsewhere the same settings are another generation.
    private async Task<List<JsonObject>> TrialsAsync(
        List<JsonObject> trials,
        CancellationToken cancellation
    )
    {
        var known = await _connection
            .Statement(
                "select id, identity, generation from trial where identity = any ($1) order by generation",
                [trials.Select(trial => (string)trial["identity"]!).ToArray()]
            )
            .ListAsync(
                row =>
                    (Id: row.GetInt64(0), Identity: row.GetString(1), Generation: row.GetInt32(2)),
                cancellation
            );
        var drawn = _isHome ? [] : await DrawAsync("trial_id_seq", trials.Count, cancellation);
        var written = new List<JsonObject>();
        for (var i = 0; i < trials.Count; i++)
        {
            var (trial, archived) = (trials[i], (long)trials[i]["id"]!);
            var same = known.Where(one => one.Identity == (string)trial["identity"]!).ToList();
            if (_isHome && same.Any(one => one.Id == archived))
            {
                _numbers.Trial(archived, archived);
                _numbers.Shared.Add(archived);
                continue;
            }

            if (same.Any(one => one.Generation == (int)trial["generation"]!))
            {
                trial["generation"] = same[^1].Generation + 1;
            }

            trial["id"] = _isHome ? archived : drawn[i];
            _numbers.Trial(archived, (long)trial["id"]!);
            written.Add(trial);
        }

        return written;
    }

    // Drawn in their order: of two attempts of a trial the later one has the higher token here too.
    private async Task TokensAsync(List<JsonObject> tokens, CancellationToken cancellation)
    {
        if (!_isHome)
        {
            var drawn = await DrawAsync("fencing_token", tokens.Count, cancellation);
            foreach (var (token, here) in tokens.Zip(drawn))
            {
                _numbers.Token((long)token["token"]!, here);
            }
        }
    }

    // An activation of another database's dispatcher means nothing here.
    private async Task EpochsAsync(List<JsonObject> attempts, CancellationToken cancellation)
    {
        if (!_isHome)
        {
            var epoch = await _connection
                .Statement("select epoch from dispatcher")
                .ListAsync(row => row.GetInt64(0), cancellation);
            attempts.ForEach(attempt => attempt["epoch"] = epoch[0]);
        }
    }

    private Task<List<long>> DrawAsync(
        string sequence,
        int count,
        CancellationToken cancellation
    ) =>
        _connection
            .Statement("select nextval($1::regclass) from generate_series(1, $2)", sequence, count)
            .ListAsync(row => row.GetInt64(0), cancellation);

    private async Task InsertAsync(
        ArchiveTable table,
        JsonArray rows,
        CancellationToken cancellation
    )
    {
        var name = table.Name.EndsWith("_event", StringComparison.Ordinal) ? "event" : table.Name;
        var columns = string.Join(", ", rows[0]!.AsObject().Select(column => $"\"{column.Key}\""));
        await using var insert = _connection.Statement(
            $"""
            insert into {name} ({columns}) overriding system value
            select {columns} from jsonb_populate_recordset(null::{name}, $1::text::jsonb)
            {(name == "event" ? "on conflict do nothing" : table.Conflict)}
            """,
            rows.ToJsonString()
        );
        await insert.ExecuteNonQueryAsync(cancellation);
    }
}
