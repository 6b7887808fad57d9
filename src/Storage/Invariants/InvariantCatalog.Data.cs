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
            group by l.trial, l.token)
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
        left join lateral (
            select c.token, c.steps[cardinality(c.steps)] as step, c.values[cardinality(c.values)] as value
            from metric_chunk c
            where c.trial = l.trial and c.metric = l.metric
            order by c.token desc, c.first_step desc
            limit 1) c on true
        where (l.token, l.step, l.value) is distinct from (c.token, c.step, c.value)
        """;
}
