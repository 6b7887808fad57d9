namespace Harness.Storage.Metrics;

/// <summary>Statements that take in what attempts measure: one a kind, whatever the number of attempts and curves.</summary>
/// <remarks>Each bears the guard, so that a lease that passes to another between two of them lets nothing through.</remarks>
internal static class IngestStatements
{
    // Rows of the attempt that its trial has now.
    private const string Current = """
        join trial t on t.id = i.trial and t.token = i.token
            and t.state in ('leased', 'running', 'pending', 'retry_wait')
        """;

    /// <summary>$1 trials, $2 tokens: the tokens that are current.</summary>
    public const string Tokens = $"""
        select t.token from unnest($1::bigint[], $2::bigint[]) as i (trial, token)
        {Current}
        """;

    /// <summary>$1 trials, $2 tokens, $3 first, $4 last, $5 metrics, $6 steps, $7 values, $8 seconds.</summary>
    public const string Chunks = $"""
        insert into metric_chunk (trial, token, metric, first_step, steps, values, seconds)
        select
            i.trial, i.token, i.metric, ($6::int[])[i.first], ($6::int[])[i.first:i.last],
            ($7::double precision[])[i.first:i.last], ($8::real[])[i.first:i.last]
        from unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::text[]) as i (trial, token, first, last, metric)
        {Current}
        on conflict do nothing
        """;

    /// <summary>$1 trials, $2 tokens, $3 metrics, $4 steps, $5 values.</summary>
    public const string Last = $"""
        insert into metric_last (trial, token, metric, step, value)
        select i.trial, i.token, i.metric, i.step, i.value
        from unnest($1::bigint[], $2::bigint[], $3::text[], $4::int[], $5::double precision[])
            as i (trial, token, metric, step, value)
        {Current}
        on conflict (trial, metric) do update
            set token = excluded.token, step = excluded.step, value = excluded.value
            where (excluded.token, excluded.step) > (metric_last.token, metric_last.step)
        """;

    /// <summary>$1 trials, $2 tokens, $3 first, $4 last, $5 names, $6 axes, $7 sampled, $8 at, $9 values, $10 samples.</summary>
    public const string Profiles = $"""
        insert into profile (trial, token, name, axis, at, values, samples)
        select
            i.trial, i.token, i.name, i.axis, ($8::double precision[])[i.first:i.last],
            ($9::double precision[])[i.first:i.last], case when i.sampled then ($10::bigint[])[i.first:i.last] end
        from unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::text[], $6::text[], $7::boolean[])
            as i (trial, token, first, last, name, axis, sampled)
        {Current}
        on conflict do nothing
        """;

    /// <summary>$1 trials, $2 tokens, $3 first, $4 last, $5 numbers of the first line, $6 lines.</summary>
    public const string Logs = $"""
        insert into log_chunk (trial, token, first_line, lines)
        select i.trial, i.token, i.first_line, ($6::text[])[i.first:i.last]
        from unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::int[])
            as i (trial, token, first, last, first_line)
        {Current}
        on conflict do nothing
        """;

    /// <summary>$1 trials, $2 tokens: wakes those that watch the sweeps of what came in.</summary>
    public const string Notify = $"""
        select pg_notify('harness_sweep', string_agg(s.sweep::text, ','))
        from (
            select distinct w.sweep
            from unnest($1::bigint[], $2::bigint[]) as i (trial, token)
            {Current}
            join sweep_trial w on w.trial = t.id
            limit 500) s
        having count(*) > 0
        """;
}
