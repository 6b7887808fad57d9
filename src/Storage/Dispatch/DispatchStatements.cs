namespace Harness.Storage.Dispatch;

/// <summary>The guarded statements of the dispatcher: each changes only rows that still are as the writer believes.</summary>
internal static class DispatchStatements
{
    /// <summary>$1 workers, $2 states.</summary>
    public const string SeeWorkers = """
        update worker w set seen_at = clock_timestamp(), state = i.state
        from unnest($1::text[], $2::text[]) as i (id, state)
        where w.id = i.id
        """;

    /// <summary>$1 tokens, $2 steps, $3 started, $4 seconds of a lease.</summary>
    public const string Renew = """
        with input as (select * from unnest($1::bigint[], $2::int[], $3::boolean[]) as i (token, step, started)),
        beat as (
            update attempt a
            set lease_until = clock_timestamp() + make_interval(secs => $4),
                step = greatest(a.step, i.step),
                state = case when i.started then 'started' else a.state end,
                started_at = case when i.started then coalesce(a.started_at, clock_timestamp()) else a.started_at end
            from input i
            where a.token = i.token and a.state in ('leased', 'started')
            returning a.token, a.trial, a.worker, a.state),
        begun as (
            update trial t set state = 'running', sequence = t.sequence + 1
            from beat b
            where t.id = b.trial and t.token = b.token and t.state = 'leased' and b.state = 'started'
            returning t.id, t.token, t.sequence, b.worker),
        logged as (
            insert into event (trial, sequence, kind, from_state, to_state, token, worker)
            select id, sequence, 'started', 'leased', 'running', token, worker from begun)
        select b.token, b.trial, b.token in (select token from begun) as begun, trial_may_run(b.trial) as wanted
        from beat b
        """;

    /// <summary>$1 ids, $2 facts.</summary>
    public const string Runtimes = """
        insert into runtime (id, facts)
        select i.id, i.facts::jsonb from unnest($1::text[], $2::text[]) as i (id, facts)
        on conflict do nothing
        """;

    /// <summary>
    /// $1 trials, $2 tokens, $3 states, $4 failures, $5 messages, $6 CPU seconds, $7 runtimes, $8 observations,
    /// $9 outcomes, $10 metrics, $11 parameter counts, $12 parameter hashes, $13 contended, $14 seconds of back-off.
    /// </summary>
    /// <remarks>
    /// A result is also taken from an attempt whose lease expired while nobody has leased the trial since: it is the
    /// trial's current token still. What is written of a completion is handed on with its row: to look it up again in
    /// the input would cost the square of the batch. An attempt that was stopped while its trial is still wanted, as by
    /// a pause, was drained: nothing is counted against the trial.
    /// </remarks>
    public const string Settle = """
        with input as (
            select * from unnest(
                $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::double precision[], $7::text[],
                $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::boolean[])
            as i (trial, token, state, failure, message, cpu_seconds, runtime, observation, outcome, metrics,
                parameter_count, parameter_hash, contended)),
        settled as (
            update trial t
            set state = n.next,
                failures = old.failures + n.failures,
                crashes = old.crashes + n.crashes,
                not_before = case when n.next = 'retry_wait' then clock_timestamp()
                    + make_interval(secs => least(60, $14 * 2 ^ (old.failures + old.crashes))) end,
                reason = case when n.next <> 'succeeded' then coalesce(i.message, old.reason) end,
                ended_at = case when n.next not in ('pending', 'retry_wait') then clock_timestamp() end,
                sequence = t.sequence + 1
            from input i
            join attempt a on a.token = i.token and a.trial = i.trial and a.state in ('leased', 'started', 'lost')
            join trial old on old.id = i.trial
            cross join lateral (
                select
                    (i.state = 'failed' and i.failure = 'job')::int as failures,
                    (i.state = 'failed' and i.failure <> 'job')::int as crashes,
                    case
                        when i.state = 'completed' then 'succeeded'
                        when i.state = 'failed' and i.failure = 'job' and old.failures >= old.max_retries then 'failed'
                        when i.state = 'failed' and i.failure <> 'job' and old.crashes + 1 >= old.max_crashes
                            then 'quarantined'
                        when not trial_is_wanted(i.trial) then 'cancelled'
                        when i.state = 'failed' then 'retry_wait'
                        else 'pending'
                    end as next) n
            where t.id = i.trial and t.token = i.token
                and (t.state in ('leased', 'running') or t.state in ('pending', 'retry_wait') and i.state = 'completed')
            returning t.id, t.sequence, t.state, old.state as before, a.worker, i.token,
                case when i.state = 'cancelled' and t.state = 'pending' then 'drained' else i.state end as ended,
                i.failure, i.message, i.cpu_seconds, i.runtime, i.observation, i.outcome, i.metrics, i.parameter_count,
                i.parameter_hash, i.contended),
        attempted as (
            update attempt a
            set state = s.ended, ended_at = clock_timestamp(), failure = s.failure, message = s.message,
                cpu_seconds = s.cpu_seconds, runtime = s.runtime, observation = s.observation::jsonb
            from settled s
            where a.token = s.token),
        measured as (
            insert into result (
                trial, token, outcome, metrics, parameter_count, parameter_hash, contended, cpu_seconds)
            select
                id, token, outcome, metrics::jsonb, parameter_count, parameter_hash, contended, cpu_seconds
            from settled
            where state = 'succeeded'),
        logged as (
            insert into event (trial, sequence, kind, from_state, to_state, token, worker, detail)
            select
                id, sequence, case when failure <> 'job' then 'crashed' else ended end, before, state, token, worker,
                coalesce(message, outcome)
            from settled),
        spoiled as (
            update checkpoint c set unusable = coalesce(s.message, 'It could not be read.')
            from settled s
            join attempt a on a.token = s.token
            where s.failure = 'checkpoint' and c.trial = s.id and c.token = a.parent and c.step = a.resumed_step)
        select id, token, before, state from settled
        """;

    /// <summary>$1 tokens, $2 observations, $3 CPU seconds: results of attempts that were lost to another.</summary>
    public const string Fence = """
        with late as (
            update attempt a set state = 'fenced', observation = i.observation::jsonb, cpu_seconds = i.cpu_seconds
            from unnest($1::bigint[], $2::text[], $3::double precision[]) as i (token, observation, cpu_seconds)
            where a.token = i.token and a.state = 'lost'
            returning a.token, a.trial, a.worker),
        noted as (
            update trial t set sequence = t.sequence + c.events
            from (select trial, count(*)::int as events from late group by trial) c
            where t.id = c.trial
            returning t.id, t.sequence - c.events as sequence, t.state),
        logged as (
            insert into event (trial, sequence, kind, from_state, to_state, token, worker, detail)
            select
                n.id, n.sequence + row_number() over (partition by l.trial order by l.token), 'fenced', n.state, n.state,
                l.token, l.worker, 'Came after the lease had passed on.'
            from late l
            join noted n on n.id = l.trial)
        select token from late
        """;

    /// <summary>$1 trials, $2 workers, $3 hardware, $4 epoch, $5 seconds of a lease.</summary>
    /// <remarks>
    /// An attempt goes on from the trial's newest checkpoint, if that was written on equal hardware: on other hardware it
    /// would end with other bits than one that never stopped.
    /// </remarks>
    public const string Lease = """
        with input as (
            select * from unnest($1::bigint[], $2::text[], $3::text[]) as i (trial, worker, hardware)),
        kept as (
            select i.trial, k.*
            from input i
            cross join lateral (
                select c.token as parent, a.number as parent_number, c.step, c.hash, c.bytes
                from checkpoint c
                join attempt a on a.token = c.token
                where c.trial = i.trial and c.unusable is null and a.hardware = i.hardware
                order by c.step desc, c.token desc
                limit 1) k),
        leased as (
            update trial t
            set state = 'leased', token = nextval('fencing_token'), attempts = t.attempts + 1, not_before = null,
                sequence = t.sequence + 1
            from input i
            where t.id = i.trial and t.state = 'pending' and trial_may_run(t.id)
            returning t.id, t.token, t.attempts, t.sequence, i.worker, i.hardware),
        attempted as (
            insert into attempt (token, trial, number, worker, hardware, epoch, lease_until, parent, resumed_step)
            select
                l.token, l.id, l.attempts, l.worker, l.hardware, $4, clock_timestamp() + make_interval(secs => $5),
                k.parent, k.step
            from leased l
            left join kept k on k.trial = l.id),
        resumed as (
            select count(resume_curves(l.id, l.token, k.parent, k.step)) as attempts
            from leased l
            join kept k on k.trial = l.id),
        logged as (
            insert into event (trial, sequence, kind, from_state, to_state, token, worker, detail)
            select
                l.id, l.sequence, 'leased', 'pending', 'leased', l.token, l.worker,
                'Goes on from step ' || k.step || ' of attempt ' || k.parent_number || '.'
            from leased l
            left join kept k on k.trial = l.id),
        begun as (
            update sweep s set state = 'running', started_at = clock_timestamp(), sequence = s.sequence + 1
            where s.state = 'queued' and s.id in (
                select w.sweep from sweep_trial w join leased l on l.id = w.trial where not w.cancelled)
            returning s.id, s.sequence),
        told as (
            insert into event (sweep, sequence, kind, from_state, to_state)
            select id, sequence, 'started', 'queued', 'running' from begun)
        select l.id, l.token, l.attempts, k.step, k.hash, k.bytes
        from resumed
        cross join leased l
        left join kept k on k.trial = l.id
        """;

    /// <summary>Attempts whose lease has run out, on the database's clock.</summary>
    public const string Expire = """
        with gone as (
            update attempt a set state = 'lost', ended_at = clock_timestamp(), message = 'Its lease expired.'
            where a.state in ('leased', 'started') and a.lease_until < clock_timestamp()
            returning a.token, a.trial, a.worker),
        freed as (
            update trial t
            set state = n.next, crashes = old.crashes + 1, reason = 'A lease expired.', sequence = t.sequence + 1,
                ended_at = case when n.next <> 'pending' then clock_timestamp() end
            from gone g
            join trial old on old.id = g.trial
            cross join lateral (
                select case
                    when old.crashes + 1 >= old.max_crashes then 'quarantined'
                    when not trial_is_wanted(g.trial) then 'cancelled'
                    else 'pending'
                end as next) n
            where t.id = g.trial and t.token = g.token and t.state in ('leased', 'running')
            returning t.id, t.token, t.sequence, old.state as before, t.state, t.reason, g.worker),
        logged as (
            insert into event (trial, sequence, kind, from_state, to_state, token, worker, detail)
            select id, sequence, 'expired', before, state, token, worker, reason from freed)
        select id, token, before, state from freed
        """;

    /// <summary>Trials whose wait between two tries is over.</summary>
    /// <remarks>The first of the waits by their index, some at a time: so no plan looks through all trials for none.</remarks>
    public const string Ready = """
        with waits as (
            select id, not_before from trial where not_before is not null order by not_before limit 1000),
        ready as (
            update trial t
            set state = n.next, not_before = null, sequence = t.sequence + 1,
                ended_at = case when n.next <> 'pending' then clock_timestamp() end
            from waits old
            cross join lateral (
                select case when trial_is_wanted(old.id) then 'pending' else 'cancelled' end as next) n
            where old.not_before <= clock_timestamp() and t.id = old.id and t.state = 'retry_wait'
            returning t.id, t.sequence, t.state),
        logged as (
            insert into event (trial, sequence, kind, from_state, to_state)
            select id, sequence, case state when 'pending' then 'ready' else 'cancelled' end, 'retry_wait', state
            from ready)
        select id, null::bigint as token, 'retry_wait' as before, state from ready
        """;

    /// <summary>$1 seconds without a sign of life.</summary>
    public const string LoseWorkers = """
        update worker set state = 'lost'
        where state in ('ready', 'draining') and seen_at < clock_timestamp() - make_interval(secs => $1)
        returning id
        """;

    /// <summary>$1 trials, $2 tokens: wakes those that watch the sweeps of what changed.</summary>
    public const string Notify = """
        select pg_notify('harness_sweep', string_agg(s.sweep::text, ','))
        from (
            select w.sweep from sweep_trial w where w.trial = any ($1)
            union
            select w.sweep from attempt a join sweep_trial w on w.trial = a.trial where a.token = any ($2)
            limit 500) s
        having count(*) > 0
        """;
}
