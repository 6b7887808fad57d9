namespace Harness.Storage.Sweeps;

/// <summary>Statements about sweeps.</summary>
internal static class SweepStatements
{
    /// <summary>$1 key … $14 trace parent; no row when the key exists. A conflict would use up a number.</summary>
    public const string Insert = """
        with created as (
            insert into sweep (
                spec_key, spec_hash, name, description, source, spec, submitted_by, priority, max_concurrent_trials,
                max_crashes, max_retries, trial_count, claim_run, trace_parent, sequence)
            select $1, $2, $3, $4::text, $5, $6, $7, $8, $9, $10, $11, $12, $13::bigint, $14::text, 1
            where not exists (select from sweep where spec_key = $1)
            returning id, submitted_by),
        logged as (
            insert into event (sweep, sequence, kind, to_state, detail)
            select id, 1, 'submitted', 'queued', 'by ' || submitted_by from created)
        select id from created
        """;

    /// <summary>$1 who, $2 key: what was submitted under it, and the answer.</summary>
    public const string FindKey = """
        select k.body_hash, k.sweep, k.created, s.trial_count, k.reused
        from idempotency_key k
        join sweep s on s.id = k.sweep
        where k.submitted_by = $1 and k.key = $2
        """;

    /// <summary>$1 who, $2 key, $3 hash, $4 sweep, $5 created, $6 reused.</summary>
    public const string KeepKey = """
        insert into idempotency_key (submitted_by, key, body_hash, sweep, created, reused)
        values ($1, $2, $3, $4, $5, $6)
        """;

    /// <summary>$1 identities: whether there is a trial with one of them; each is looked up in the index, whatever the plan.</summary>
    public const string Known = """
        select coalesce(bool_or((select true from trial t where t.identity = i.identity limit 1)), false)
        from unnest($1::text[]) as i (identity)
        """;

    /// <summary>$1 to $10 columns, $11 max_crashes, $12 max_retries, $13 sweep, $14 first position, $15 priority.</summary>
    /// <remarks>Numbers are taken first, so that no two tables have to be brought together again.</remarks>
    public const string InsertNew = """
        with input as materialized (
            select nextval('trial_id_seq') as id, i.*
            from unnest(
                $1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::text[], $7::int[], $8::int[],
                $9::bigint[], $10::text[])
            with ordinality as i (
                identity, model, task, seed, repeat, spec, steps, threads, memory_bytes, data_hash, place)),
        created as (
            insert into trial (
                id, identity, generation, model, task, seed, repeat, spec, steps, threads, memory_bytes, data_hash,
                max_crashes, max_retries, sequence)
            overriding system value
            select
                id, identity, 1, model, task, seed, repeat, spec::jsonb, steps, threads, memory_bytes, data_hash, $11,
                $12, 1
            from input),
        linked as (
            insert into sweep_trial (sweep, trial, position, priority)
            select $13, id, $14 + place - 1, $15 from input)
        insert into event (trial, sequence, kind, to_state) select id, 1, 'submitted', 'pending' from input
        """;

    /// <summary>$1 identities: locks the open trials among them, in one order for all.</summary>
    public const string HoldOpen = """
        select id from trial
        where identity = any ($1) and state in ('pending', 'leased', 'running', 'retry_wait')
        order by id
        for update
        """;

    /// <summary>$1 to $10 columns, $11 max_crashes, $12 max_retries, $13 fresh; the trials that had to be made.</summary>
    public const string InsertTrials = """
        with input as (
            select * from unnest(
                $1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::text[], $7::int[], $8::int[],
                $9::bigint[], $10::text[])
            as i (identity, model, task, seed, repeat, spec, steps, threads, memory_bytes, data_hash)),
        newest as (
            select distinct on (t.identity) t.identity, t.generation, t.state
            from trial t
            where t.identity = any ($1)
            order by t.identity, t.generation desc),
        created as (
            insert into trial (
                identity, generation, model, task, seed, repeat, spec, steps, threads, memory_bytes, data_hash,
                max_crashes, max_retries, sequence)
            select
                i.identity, coalesce(n.generation, 0) + 1, i.model, i.task, i.seed, i.repeat, i.spec::jsonb, i.steps,
                i.threads, i.memory_bytes, i.data_hash, $11, $12, 1
            from input i
            left join newest n on n.identity = i.identity
            where $13 or n.identity is null or n.state in ('failed', 'quarantined', 'cancelled')
            returning id),
        logged as (
            insert into event (trial, sequence, kind, to_state) select id, 1, 'submitted', 'pending' from created)
        select id from created
        """;

    /// <summary>$1 identities, $2 sweep, $3 first position, $4 priority, $5 max_crashes, $6 max_retries.</summary>
    public const string LinkTrials = """
        with input as (select * from unnest($1::text[]) with ordinality as i (identity, place)),
        newest as (
            select distinct on (t.identity) t.identity, t.id
            from trial t
            where t.identity = any ($1)
            order by t.identity, t.generation desc),
        linked as (
            insert into sweep_trial (sweep, trial, position, priority)
            select $2, n.id, $3 + i.place - 1, $4 from input i join newest n on n.identity = i.identity
            returning trial)
        update trial t
        set max_crashes = greatest(t.max_crashes, $5), max_retries = greatest(t.max_retries, $6)
        from linked
        where t.id = linked.trial and t.ended_at is null and (t.max_crashes < $5 or t.max_retries < $6)
        """;

    /// <summary>$1 sweep, $2 detail; a row when it was live.</summary>
    public const string BeginCancel = """
        with begun as (
            update sweep s
            set state = 'cancelling', sequence = s.sequence + 1
            from sweep old
            where s.id = $1 and old.id = s.id and s.state in ('queued', 'running', 'pausing', 'paused')
            returning s.id, s.sequence, old.state),
        logged as (
            insert into event (sweep, sequence, kind, from_state, to_state, detail)
            select id, sequence, 'cancelling', state, 'cancelling', $2 from begun)
        select id from begun
        """;

    /// <summary>$1 sweep: its waiting trials that no live sweep wants end.</summary>
    public const string CancelWaiting = """
        with ended as (
            update trial t
            set state = 'cancelled', ended_at = clock_timestamp(), not_before = null, sequence = t.sequence + 1,
                reason = 'No live sweep wants it.'
            from sweep_trial w, trial old
            where w.sweep = $1 and w.cancelled and t.id = w.trial and old.id = t.id
                and t.state in ('pending', 'retry_wait') and not trial_is_wanted(t.id)
            returning t.id, t.sequence, old.state, t.reason)
        insert into event (trial, sequence, kind, from_state, to_state, detail)
        select id, sequence, 'cancelled', state, 'cancelled', reason from ended
        """;

    /// <summary>
    /// $1 sweeps, $2 trials, $3 trials that may be open: ends those of the sweeps, and of the trials' sweeps, that have
    /// nothing left to do. A sweep with one of $3 open is not looked through: its ended trials may be a million. Of those
    /// that are being paused, the ones of which nothing runs any more come to rest.
    /// </summary>
    public const string End = """
        with ended as (
            update sweep s
            set state = case
                    when s.state = 'cancelling' then 'cancelled'
                    when s.state = 'pausing' then 'paused'
                    when exists (
                        select from sweep_trial w
                        where w.sweep = s.id and not w.skipped
                            and (select t.state from trial t where t.id = w.trial) <> 'succeeded')
                        then 'completed_with_failures'
                    else 'completed'
                end,
                ended_at = case when s.state <> 'pausing' then clock_timestamp() end, sequence = s.sequence + 1
            from sweep old
            where old.id = s.id
                and (s.id = any ($1) or s.id in (select w.sweep from sweep_trial w where w.trial = any ($2)))
                and (
                    s.state in ('queued', 'running') and case
                        when exists (
                            select from sweep_trial w
                            join trial t on t.id = w.trial
                            where w.sweep = s.id and w.trial = any ($3) and not w.skipped
                                and t.state in ('pending', 'leased', 'running', 'retry_wait'))
                            then false
                        else not exists (
                            select from sweep_trial w
                            where w.sweep = s.id and not w.skipped
                                and (select t.state from trial t where t.id = w.trial)
                                    in ('pending', 'leased', 'running', 'retry_wait'))
                    end
                    or s.state = 'cancelling' and not exists (
                        select from sweep_trial w
                        where w.sweep = s.id
                            and (select t.state from trial t where t.id = w.trial)
                                in ('pending', 'leased', 'running', 'retry_wait')
                            and not trial_is_wanted(w.trial))
                    or s.state = 'pausing' and not exists (
                        select from attempt a
                        join sweep_trial w on w.trial = a.trial and w.sweep = s.id
                        where a.state in ('leased', 'started') and not trial_may_run(a.trial)))
            returning s.id, s.sequence, s.state, old.state as before),
        logged as (
            insert into event (sweep, sequence, kind, from_state, to_state)
            select id, sequence, case state when 'paused' then 'paused' else 'ended' end, before, state from ended)
        select id, state from ended
        """;

    /// <summary>Sweeps that wait for what runs: a newer sweep that wants it lets them end at once.</summary>
    public const string Ending = "select id from sweep where state in ('pausing', 'cancelling')";

    /// <summary>$1 sweep.</summary>
    public const string Warnings = """
        select format(
            'No worker that is here can run %s of the trials: each takes %s %s%s%s.',
            count(*), t.threads, case when t.threads = 1 then 'core' else 'cores' end,
            case when t.memory_bytes = 0 then ''
                else format(', %s of memory', replace(pg_size_pretty(t.memory_bytes), 'B', 'iB')) end,
            case when t.data_hash is null then '' else format(' and the data set of %s', t.task) end)
        from sweep_trial w
        join trial t on t.id = w.trial
        where w.sweep = $1 and t.ended_at is null
            and exists (select from worker here where here.state = 'ready')
            and not exists (
                select from worker here
                where here.state = 'ready' and here.cores >= t.threads and here.memory_bytes >= t.memory_bytes
                    and (t.data_hash is null or here.data ->> t.task = t.data_hash))
        group by t.threads, t.memory_bytes, t.data_hash, t.task
        """;
}
