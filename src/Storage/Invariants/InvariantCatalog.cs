namespace Harness.Storage.Invariants;

/// <summary>
/// The law of the store as queries over the append-only history and its neighbours. A silo runs them every minute over
/// what changed, and the fault rig over everything.
/// </summary>
public static partial class InvariantCatalog
{
    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<Invariant> All { get; } =
    [
        new(
            "R1",
            "No trial is lost: histories are dense and end in the state that is shown.",
            Lost
        ),
        new("R2", "At most one attempt of a trial lives; tokens and numbers only rise.", OneLease),
        new(
            "R3",
            "A result counts once, is that of the completing attempt, and ends the trial.",
            Once
        ),
        new("R4", "What a replaced attempt or an older dispatcher writes is refused.", Fenced),
        new("R5", "A reader sees no step twice, and the newest point is the newest.", Curves),
        new(
            "R6",
            "Who goes on from a checkpoint goes on from its step, and ends as if nothing had stopped it.",
            Resumes
        ),
        new(
            "R9",
            "An outage burns no attempt: no lease expires in the first lease after it.",
            Outages
        ),
        new("R11", "Failures are counted once each, and a spent budget ends the trial.", Budgets),
        new("R17", "The time that is shown is the time that the attempt used.", Accounting),
    ];

    // Trials of which something happened; every query begins with it.
    private const string Touched = """
        with touched as (
            select distinct trial as id from event where trial is not null and xact >= $1::text::xid8)
        """;

    private const string Lost = $"""
        {Touched},
        told as (
            select distinct sweep as id from event where sweep is not null and xact >= $1::text::xid8)
        select format(
            'T-%s has %s events up to number %s, and its row says %s',
            i.id, count(e.id), coalesce(max(e.sequence), 0), coalesce(max(t.sequence)::text, 'nothing'))
        from touched i
        join event e on e.trial = i.id
        left join trial t on t.id = i.id
        group by i.id
        -- A trial that was removed has its history still, which says so last.
        having count(*) <> max(e.sequence) or min(e.sequence) <> 1
            or max(e.sequence) is distinct from coalesce(
                max(t.sequence), max(e.sequence) filter (where e.kind = 'removed'))
        union all
        select format(
            'T-%s came from %s in event %s, after which %s had been told',
            trial, coalesce(from_state, 'nothing'), sequence, coalesce(before, 'nothing'))
        from (
            select e.*, lag(e.to_state) over (partition by e.trial order by e.sequence, e.id) as before
            from touched i join event e on e.trial = i.id) e
        where before is distinct from from_state
        union all
        select format(
            'T-%s is %s, and its history ends with %s',
            t.id, t.state, e.to_state)
        from touched i
        join trial t on t.id = i.id
        cross join lateral (
            select to_state from event e where e.trial = t.id order by sequence desc, id desc limit 1) e
        where t.state <> e.to_state
        union all
        select format(
            'T-%s is %s, and %s of its attempts live',
            t.id, t.state, a.live)
        from touched i
        join trial t on t.id = i.id
        cross join lateral (
            select count(*) as live from attempt a
            where a.trial = t.id and a.token = t.token and a.state in ('leased', 'started')) a
        where a.live <> (t.state in ('leased', 'running'))::int
        union all
        select format(
            'S-%s was stored with %s trials and has %s',
            s.id, s.trial_count, count(w.trial))
        from told i
        join sweep s on s.id = i.id
        left join sweep_trial w on w.sweep = s.id
        group by s.id
        having count(w.trial) <> s.trial_count
        union all
        select format(
            'S-%s is %s, and T-%s is %s',
            s.id, s.state, t.id, t.state)
        from told i
        join sweep s on s.id = i.id
        join sweep_trial w on w.sweep = s.id and not w.skipped
        join trial t on t.id = w.trial
        where s.state = 'completed' and t.state <> 'succeeded'
            or s.state = 'completed_with_failures' and t.state in ('pending', 'leased', 'running', 'retry_wait')
        union all
        select format(
            'S-%s is %s, and all of its trials have ended',
            s.id, s.state)
        from told i
        join sweep s on s.id = i.id
        where s.state in ('queued', 'running', 'cancelling') and not exists (
            select from sweep_trial w
            join trial t on t.id = w.trial
            where w.sweep = s.id and not w.skipped and t.state in ('pending', 'leased', 'running', 'retry_wait'))
        """;

    private const string OneLease = $"""
        {Touched},
        lease as (
            select
                e.trial, e.token, e.sequence, lag(e.token) over w as token_before, lag(e.sequence) over w as sequence_before
            from touched i
            join event e on e.trial = i.id and e.kind = 'leased'
            window w as (partition by e.trial order by e.sequence, e.id))
        select format(
            'T-%s has %s attempts that live',
            a.trial, count(*))
        from touched i
        join attempt a on a.trial = i.id and a.state in ('leased', 'started')
        group by a.trial
        having count(*) > 1
        union all
        select format(
            'T-%s was leased under token %s while %s had not ended',
            trial, token, token_before)
        from lease l
        where token_before is not null and not exists (
            select from event x
            where x.trial = l.trial and x.token = l.token_before and x.sequence between l.sequence_before and l.sequence
                and x.kind <> 'fenced' and x.to_state not in ('leased', 'running'))
        union all
        select format(
            'T-%s was leased under token %s after %s',
            trial, token, token_before)
        from lease
        where token <= token_before
        union all
        select format(
            'T-%s counts %s attempts, and has %s up to number %s, told of %s',
            t.id, t.attempts, a.attempts, coalesce(a.highest, 0), l.leases)
        from touched i
        join trial t on t.id = i.id
        cross join lateral (
            select count(*) as attempts, max(a.number) as highest, max(a.token) as newest
            from attempt a where a.trial = t.id) a
        cross join lateral (select count(*) as leases from lease l where l.trial = t.id) l
        where t.attempts <> a.attempts or t.attempts <> coalesce(a.highest, 0) or t.attempts <> l.leases
            or t.token is distinct from a.newest
        union all
        select format(
            'T-%s: attempt %s has token %s, after %s',
            trial, number, token, before)
        from (
            select a.trial, a.number, a.token, lag(a.token) over (partition by a.trial order by a.number) as before
            from touched i join attempt a on a.trial = i.id) a
        where token <= before
        """;

    private const string Once = $"""
        {Touched}
        select format(
            'T-%s is %s with %s results, of token %s where %s is its own; told as completed %s times, by %s attempts',
            t.id, t.state, r.results, coalesce(r.token, 0), coalesce(t.token, 0), e.completed, a.completed)
        from touched i
        join trial t on t.id = i.id
        cross join lateral (select count(*) as results, max(r.token) as token from result r where r.trial = t.id) r
        cross join lateral (
            select count(*) as completed, max(e.token) as token from event e
            where e.trial = t.id and e.kind = 'completed') e
        cross join lateral (
            select count(*) as completed, max(a.token) as token from attempt a
            where a.trial = t.id and a.state = 'completed') a
        where r.results <> (t.state = 'succeeded')::int or e.completed <> r.results or a.completed <> r.results
            or r.results > 0 and (r.token <> t.token or e.token is distinct from t.token or a.token is distinct from t.token)
        union all
        select format(
            'T-%s was %s after its end',
            e.trial, e.kind)
        from touched i
        join event e on e.trial = i.id
        where (e.kind not in ('fenced', 'removed', 'restored') or e.kind = 'fenced' and e.from_state is distinct from e.to_state) and exists (
            select from event x
            where x.trial = e.trial and x.sequence < e.sequence
                and x.to_state in ('succeeded', 'failed', 'quarantined', 'cancelled'))
        union all
        select format(
            'T-%s shows another result than its attempt %s reported',
            r.trial, r.token)
        from touched i
        join result r on r.trial = i.id
        join attempt a on a.token = r.token
        where a.observation -> 'metrics' is distinct from r.metrics or a.observation ->> 'outcome' is distinct from r.outcome
            or a.trial <> r.trial
        """;

    private const string Outages = $"""
        {Touched}
        select format(
            'T-%s lost its lease %s after %s s in which it could be renewed, of %s',
            e.trial, e.token, round(extract(epoch from e.at - p.began_at)::numeric, 1), p.lease_seconds)
        from touched i
        join event e on e.trial = i.id and e.kind = 'expired'
        cross join lateral (
            select p.began_at, p.lease_seconds from writable_period p
            where p.began_at <= e.at
            order by p.began_at desc
            limit 1) p
        -- A tenth of a second between two clocks: the dispatcher waits by a monotonic one.
        where e.at < p.began_at + make_interval(secs => p.lease_seconds - 0.1)
            -- What was read back from an archive may have happened in another database.
            and not exists (select from event r where r.trial = e.trial and r.kind = 'restored')
        """;

    private const string Budgets = $"""
        {Touched}
        select format(
            'T-%s counts %s crashes of %s and %s failures of %s retries; it is %s because of %s, and was told of %s and %s',
            t.id, t.crashes, t.max_crashes, t.failures, t.max_retries, t.state, coalesce(t.reason, 'nothing'),
            e.crashes, e.failures)
        from touched i
        join trial t on t.id = i.id
        cross join lateral (
            select
                count(*) filter (where e.kind in ('crashed', 'expired')) as crashes,
                count(*) filter (where e.kind = 'failed') as failures
            from event e where e.trial = t.id) e
        where t.crashes <> e.crashes or t.failures <> e.failures
            or t.state in ('pending', 'leased', 'running', 'retry_wait')
                and (t.crashes > 0 and t.crashes >= t.max_crashes or t.failures > t.max_retries)
            or t.state = 'quarantined' and (t.crashes < t.max_crashes or t.reason is null)
            or t.state = 'failed' and (t.failures <= t.max_retries or t.reason is null)
        """;

    private const string Accounting = $"""
        {Touched}
        select format(
            'T-%s shows %s CPU seconds, and its attempt used %s',
            r.trial, coalesce(r.cpu_seconds::text, 'no'), coalesce(a.cpu_seconds::text, 'none'))
        from touched i
        join result r on r.trial = i.id
        join attempt a on a.token = r.token
        where r.cpu_seconds is distinct from a.cpu_seconds
        """;
}
