namespace Harness.Storage.Invariants;

/// <content>What attempts measured.</content>
public static partial class InvariantCatalog
{
    // Between a lease and its commit an older attempt may still write, and lawfully: nobody reads it as the trial's.
    private const string Fenced = $"""
        {Touched},
        written as (
            select 'metrics' as what, c.trial, c.token, max(c.received_at) as at
            from touched i join metric_chunk c on c.trial = i.id
            group by c.trial, c.token
            union all
            select 'a profile', p.trial, p.token, max(p.received_at)
            from touched i join profile p on p.trial = i.id
            group by p.trial, p.token
            union all
            select 'log lines', l.trial, l.token, max(l.received_at)
            from touched i join log_chunk l on l.trial = i.id
            group by l.trial, l.token
            union all
            select 'a checkpoint', c.trial, c.token, max(c.stored_at)
            from touched i join checkpoint c on c.trial = i.id
            group by c.trial, c.token)
        select format(
            'T-%s took %s of attempt %s after %s was leased',
            w.trial, w.what, w.token, e.token)
        from written w
        join event e on e.trial = w.trial and e.kind = 'leased' and e.token > w.token
        where w.at > e.at + interval '1 second'
        union all
        select format(
            'T-%s took %s of attempt %s after its end',
            w.trial, w.what, w.token)
        from written w
        join event e on e.trial = w.trial and e.to_state in ('succeeded', 'failed', 'quarantined', 'cancelled')
            and e.kind <> 'fenced'
        where w.at > e.at + interval '1 second'
        union all
        select format(
            'T-%s holds %s of attempt %s, which is another trial''s',
            w.trial, w.what, w.token)
        from written w
        join attempt a on a.token = w.token
        where a.trial <> w.trial
        union all
        select format(
            'T-%s has %s refused attempts, and was told of %s',
            i.id, a.refused, e.refused)
        from touched i
        join trial t on t.id = i.id
        cross join lateral (
            select count(*) as refused from attempt a where a.trial = i.id and a.state = 'fenced') a
        cross join lateral (
            select count(*) as refused from event e where e.trial = i.id and e.kind = 'fenced') e
        where a.refused <> e.refused
        union all
        select format(
            'attempt %s was leased in epoch %s of the dispatcher, after epoch %s',
            token, epoch, before)
        from (
            select a.token, a.epoch, lag(a.epoch) over (order by a.token) as before
            from attempt a
            where a.token >= (
                select min(e.token) from event e where e.kind = 'leased' and e.xact >= $1::text::xid8)) a
        where epoch < before
        """;

    private const string Curves = $"""
        {Touched}
        select format(
            'T-%s: step %s of %s came twice, after a chunk up to %s',
            trial, first_step, metric, before)
        from (
            select
                c.trial, c.metric, c.first_step,
                lag(c.steps[cardinality(c.steps)]) over (
                    partition by c.trial, c.token, c.metric order by c.first_step, c.received_at) as before
            from touched i join metric_chunk c on c.trial = i.id) c
        where first_step <= before
        union all
        select format(
            'T-%s: the newest point of %s is step %s of attempt %s, and shown is %s of %s',
            l.trial, l.metric, coalesce(c.step, -1), coalesce(c.token, 0), l.step, l.token)
        from touched i
        join metric_last l on l.trial = i.id
        -- Of the newest attempt that has any, or of those that it continues.
        left join lateral (
            select l.token, p.step, p.value
            from (
                select l.token, null::int as until
                union all
                select a.ancestor, a.until from attempt_ancestor a where a.token = l.token) w
            join metric_chunk c on c.trial = l.trial and c.token = w.token and c.metric = l.metric
            cross join lateral unnest(c.steps, c.values) as p (step, value)
            where (w.until is null or p.step < w.until)
                and not exists (
                    select from metric_chunk n
                    where n.trial = l.trial and n.metric = l.metric and n.token > l.token)
            order by p.step desc
            limit 1) c on true
        where (l.token, l.step, l.value) is distinct from (c.token, c.step, c.value)
        """;

    private const string Resumes = $"""
        {Touched}
        select format(
            'T-%s: attempt %s went on from step %s, and its first loss is that of step %s',
            a.trial, a.number, a.resumed_step, c.first)
        from touched i
        join attempt a on a.trial = i.id and a.resumed_step is not null
        cross join lateral (
            select min(c.first_step) as first from metric_chunk c
            where c.trial = a.trial and c.token = a.token and c.metric = 'train_loss') c
        where c.first <> a.resumed_step
        union all
        select format(
            'T-%s: attempt %s went on from step %s of attempt %s, which is none of it before',
            a.trial, a.number, a.resumed_step, a.parent)
        from touched i
        join attempt a on a.trial = i.id and a.resumed_step is not null
        left join attempt p on p.token = a.parent
        left join attempt_ancestor n on n.token = a.token and n.ancestor = a.parent
        where p.trial is distinct from a.trial or p.number >= a.number or n.until is distinct from a.resumed_step
            or p.hardware is distinct from a.hardware
        union all
        select format(
            'T-%s ended with the parameters %s, and T-%s, which is the same on the same hardware and runtime, with %s',
            r.trial, left(r.parameter_hash, 12), o.trial, left(o.parameter_hash, 12))
        from touched i
        join trial t on t.id = i.id
        join result r on r.trial = t.id and r.outcome = 'ok'
        join attempt a on a.token = r.token
        join trial other on other.identity = t.identity and other.id < t.id
        join result o on o.trial = other.id and o.outcome = 'ok'
        join attempt b on b.token = o.token and b.hardware = a.hardware and b.runtime = a.runtime
        where r.parameter_hash <> o.parameter_hash
        """;
}
