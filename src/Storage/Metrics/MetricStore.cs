using System.Globalization;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Storage.Readers;
using Npgsql;

namespace Harness.Storage.Metrics;

/// <summary>Takes in what attempts measure while they run: fenced by the token, and idempotent.</summary>
/// <param name="db">The silo's role.</param>
public sealed class MetricStore(NpgsqlDataSource db)
{
    /// <summary>Points that a row holds at most.</summary>
    public const int ChunkSize = 256;

    // Every insert bears this guard, so that a lease that passes to another in between lets nothing through.
    private const string Current =
        "from trial where id = $1 and token = $2 and state in ('leased', 'running', 'pending', 'retry_wait')";

    /// <summary>Appends the data of all attempts in one transaction.</summary>
    /// <returns>Tokens whose data were refused: the attempt is no longer current, or the data are malformed.</returns>
    public async Task<IngestReply> AppendAsync(
        IngestRequest request,
        CancellationToken cancellation
    )
    {
        var refused = new SortedSet<long>(
            request.Attempts.Where(data => !IngestBounds.Hold(data)).Select(data => data.Token)
        );
        var sound = request.Attempts.Where(data => !refused.Contains(data.Token)).ToList();
        if (sound.Count > 0)
        {
            refused.UnionWith(await WriteAsync(sound, cancellation));
        }

        return new IngestReply([.. refused]);
    }

    private async Task<IEnumerable<long>> WriteAsync(
        List<AttemptData> attempts,
        CancellationToken cancellation
    )
    {
        await using var batch = db.CreateBatch();
        batch.Add(
            """
            select t.token, array(select w.sweep from sweep_trial w where w.trial = t.id)
            from trial t
            join unnest($1::bigint[], $2::bigint[]) as i (trial, token) on t.id = i.trial and t.token = i.token
            where t.state in ('leased', 'running', 'pending', 'retry_wait')
            """,
            attempts.Select(data => data.TrialId).ToArray(),
            attempts.Select(data => data.Token).ToArray()
        );
        foreach (var data in attempts)
        {
            Add(batch, data);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var current = await reader.RowsAsync(
            row => (Token: row.GetInt64(0), Sweeps: row.GetFieldValue<long[]>(1)),
            cancellation
        );
        await reader.DisposeAsync();
        await NotifyAsync(current.SelectMany(row => row.Sweeps).Distinct(), cancellation);
        return attempts.Select(data => data.Token).Except(current.Select(row => row.Token));
    }

    private static void Add(NpgsqlBatch batch, AttemptData data)
    {
        foreach (var points in data.Points.SelectMany(Chunks))
        {
            AddPoints(batch, data, points);
        }

        foreach (var profile in data.Profiles)
        {
            AddProfile(batch, data, profile);
        }

        if (data.Log.Count > 0)
        {
            batch.Add(
                $"insert into log_chunk (trial, token, first_line, lines) select $1, $2, $3, $4 {Current} on conflict do nothing",
                data.TrialId,
                data.Token,
                data.FirstLogLine,
                data.Log.Select(IngestBounds.Line).ToArray()
            );
        }
    }

    private static void AddPoints(NpgsqlBatch batch, AttemptData data, TrainerPoints points)
    {
        batch.Add(
            $"""
            insert into metric_chunk (trial, token, metric, first_step, steps, values, seconds)
            select $1, $2, $3, $4, $5, $6, $7 {Current}
            on conflict do nothing
            """,
            data.TrialId,
            data.Token,
            points.Metric,
            points.Steps[0],
            points.Steps.ToArray(),
            points.Values.ToArray(),
            points.Seconds.Select(second => (float)second).ToArray()
        );
        batch.Add(
            $"""
            insert into metric_last (trial, token, metric, step, value) select $1, $2, $3, $4, $5 {Current}
            on conflict (trial, metric) do update
                set token = excluded.token, step = excluded.step, value = excluded.value
                where (excluded.token, excluded.step) > (metric_last.token, metric_last.step)
            """,
            data.TrialId,
            data.Token,
            points.Metric,
            points.Steps[^1],
            points.Values[^1]
        );
    }

    private static void AddProfile(NpgsqlBatch batch, AttemptData data, TrainerProfile profile) =>
        batch.Add(
            $"""
            insert into profile (trial, token, name, axis, at, values, samples)
            select $1, $2, $3, $4, $5, $6, $7::bigint[] {Current}
            on conflict do nothing
            """,
            data.TrialId,
            data.Token,
            profile.Name,
            profile.Axis,
            profile.At.ToArray(),
            profile.Values.ToArray(),
            profile.Samples?.ToArray()
        );

    private static IEnumerable<TrainerPoints> Chunks(TrainerPoints points)
    {
        for (var start = 0; start < points.Steps.Count; start += ChunkSize)
        {
            yield return new TrainerPoints(
                points.Metric,
                [.. points.Steps.Skip(start).Take(ChunkSize)],
                [.. points.Values.Skip(start).Take(ChunkSize)],
                [.. points.Seconds.Skip(start).Take(ChunkSize)]
            );
        }
    }

    private async Task NotifyAsync(IEnumerable<long> sweeps, CancellationToken cancellation)
    {
        var payload = string.Join(
            ',',
            sweeps.Take(500).Select(id => id.ToString(CultureInfo.InvariantCulture))
        );
        if (payload.Length > 0)
        {
            await using var notify = db.Statement(
                "select pg_notify($1, $2)",
                ChangeFeed.Channel,
                payload
            );
            await notify.ExecuteNonQueryAsync(cancellation);
        }
    }
}
