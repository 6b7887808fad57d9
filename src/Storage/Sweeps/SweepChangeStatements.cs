namespace Harness.Storage.Sweeps;

/// <summary>Statements that change a sweep while it lives, or wake it.</summary>
internal static class SweepChangeStatements
{
    /// <summary>$1 sweep, $2 detail; a row when it was made.</summary>
    public const string Pause = """
        with begun as (
            update sweep s
            set state = 'pausing', sequence = s.sequence + 1
            from sweep old
            where s.id = $1 and old.id = s.id and s.state in ('queued', 'running')
            returning s.id, s.sequence, old.state),
        logged as (
            insert into event (sweep, sequence, kind, from_state, to_state, detail)
            select id, sequence, 'pausing', state, 'pausing', $2 from begun)
        select id from begun
        """;

    /// <summary>$1 sweep, $2 detail; a row when it was made.</summary>
    public const string Resume = """
        with begun as (
            update sweep s
            set state = case when s.started_at is null then 'queued' else 'running' end, sequence = s.sequence + 1
            where s.id = $1 and s.state = 'paused'
            returning s.id, s.sequence, s.state),
        logged as (
            insert into event (sweep, sequence, kind, from_state, to_state, detail)
            select id, sequence, 'resumed', 'paused', state, $2 from begun)
        select id from begun
        """;

    /// <summary>$1 sweep, $2 priority or null, $3 limit or null, $4 version or null, $5 who; a row when it was made.</summary>
    public const string Set = """
        with changed as (
            update sweep s
            set priority = coalesce($2::int, s.priority),
                max_concurrent_trials = coalesce($3::int, s.max_concurrent_trials), sequence = s.sequence + 1
            from sweep old
            where s.id = $1 and old.id = s.id and s.state in ('queued', 'running', 'pausing', 'paused')
                and ($4::int is null or s.sequence = $4)
            returning
                s.id, s.sequence, s.state, s.priority, s.max_concurrent_trials, old.priority as priority_before,
                old.max_concurrent_trials as limit_before),
        logged as (
            insert into event (sweep, sequence, kind, from_state, to_state, detail)
            select
                id, sequence, 'set', state, state,
                concat_ws(
                    ', ',
                    case when $2::int is not null then format('priority %s -> %s', priority_before, priority) end,
                    case when $3::int is not null
                        then format('max_concurrent_trials %s -> %s', limit_before, max_concurrent_trials) end,
                    'by ' || $5)
            from changed)
        select id from changed
        """;

    /// <summary>$1 sweep, $2 states, $3 limit: its failed trials, and their identities.</summary>
    public const string Failed = """
        select w.trial, t.identity
        from sweep_trial w
        join trial t on t.id = w.trial
        where w.sweep = $1 and not w.skipped and t.state = any ($2)
        order by w.position
        limit $3
        """;

    /// <summary>
    /// $1 sweep, $2 failed trials of it: each place gets the newest generation that has not failed, made where there is
    /// none. The trials that have the places now.
    /// </summary>
    public const string Retry = """
        with chosen as (
            select w.trial, w.position, t.identity
            from sweep_trial w
            join trial t on t.id = w.trial
            where w.sweep = $1 and w.trial = any ($2)),
        newest as (
            select distinct on (t.identity) t.*
            from trial t
            where t.identity in (select identity from chosen)
            order by t.identity, t.generation desc),
        created as (
            insert into trial (
                identity, generation, model, task, seed, repeat, spec, steps, threads, memory_bytes, data_hash,
                max_crashes, max_retries, sequence)
            select
                n.identity, n.generation + 1, n.model, n.task, n.seed, n.repeat, n.spec, n.steps, n.threads,
                n.memory_bytes, n.data_hash, s.max_crashes, s.max_retries, 1
            from newest n
            join sweep s on s.id = $1
            where n.state in ('failed', 'quarantined', 'cancelled')
            returning id, identity),
        logged as (
            insert into event (trial, sequence, kind, to_state, detail)
            select k.id, 1, 'submitted', 'pending', 'T-' || n.id || ' tried again'
            from created k
            join newest n on n.identity = k.identity),
        places as (
            select c.trial, c.position, coalesce(k.id, n.id) as again
            from chosen c
            join newest n on n.identity = c.identity
            left join created k on k.identity = c.identity),
        kept as (
            insert into retried_trial (sweep, trial, again, position)
            select $1, trial, again, position from places),
        raised as (
            update trial t
            set max_crashes = greatest(t.max_crashes, s.max_crashes),
                max_retries = greatest(t.max_retries, s.max_retries)
            from places p, sweep s
            where t.id = p.again and s.id = $1 and t.ended_at is null
                and (t.max_crashes < s.max_crashes or t.max_retries < s.max_retries))
        update sweep_trial w
        set trial = p.again, cancelled = false
        from places p
        where w.sweep = $1 and w.trial = p.trial
        returning w.trial
        """;

    /// <summary>$1 sweep, $2 detail: one that had ended runs again.</summary>
    public const string Wake = """
        with woken as (
            update sweep s
            set state = case when s.state = 'completed_with_failures' then 'running' else s.state end, ended_at = null,
                sequence = s.sequence + 1
            from sweep old
            where s.id = $1 and old.id = s.id
                and s.state in ('queued', 'running', 'pausing', 'paused', 'completed_with_failures')
            returning s.id, s.sequence, s.state, old.state as before)
        insert into event (sweep, sequence, kind, from_state, to_state, detail)
        select id, sequence, 'retried', before, state, $2 from woken
        """;
}
