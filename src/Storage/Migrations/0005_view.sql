-- The public interface: versioned views, with ids as people see them. Pages, exports and the role harness_read
-- see these and no table. Of several attempts readers see the newest, which of a succeeded trial is the accepted one.
-- Columns that end in _id are numbers for filters and cursors.

create function number_of(metrics jsonb, name text) returns double precision immutable language sql as $$
    select (metrics ->> name)::double precision
$$;
comment on function number_of is 'A number of a result, also where JSON has to write it as a word.';

create view v1_sweeps as
select
    'S-' || s.id as sweep, s.name, s.description, s.state, s.submitted_by, s.submitted_at, s.started_at, s.ended_at,
    s.trial_count, c.states, c.running_share, s.priority, s.max_concurrent_trials, s.max_crashes, s.max_retries,
    s.claim_run, s.spec_hash, s.spec, s.source, s.spec_key, s.id as sweep_id
from sweep s
cross join lateral (
    select
        coalesce(jsonb_object_agg(n.state, n.trials), '{}') as states,
        coalesce(sum(n.share), 0) as running_share
    from (
        select
            t.state, count(*) as trials,
            sum(least(1, a.step / nullif(t.steps, 0)::double precision)) filter (where t.state = 'running') as share
        from sweep_trial w
        join trial t on t.id = w.trial
        left join attempt a on a.token = t.token and t.state = 'running'
        where w.sweep = s.id
        group by t.state) n) c;

create view v1_sweep_ids as
select 'S-' || s.id as sweep, s.state, s.ended_at, s.spec_key, s.id as sweep_id from sweep s;

create view v1_trials as
select
    'S-' || w.sweep as sweep, 'T-' || t.id as trial, t.model, t.task, t.seed, t.repeat,
    t.spec -> 'settings' as parameters, r.parameter_count, r.parameter_hash, t.state, r.outcome, t.attempts,
    a.worker, a.hardware,
    number_of(r.metrics, 'loss') as loss,
    number_of(r.metrics, 'accuracy') as accuracy,
    number_of(r.metrics, 'exact_match') as exact_match,
    number_of(r.metrics, 'chance') as chance,
    number_of(r.metrics, 'gap') as gap,
    number_of(r.metrics, 'tokens_per_second') as tokens_per_second,
    number_of(r.metrics, 'tokens_per_cpu_second') as tokens_per_cpu_second,
    number_of(r.metrics, 'step_milliseconds') as step_milliseconds,
    coalesce(r.cpu_seconds, number_of(r.metrics, 'cpu_seconds')) as cpu_seconds,
    number_of(r.metrics, 'peak_memory_bytes') as peak_memory_bytes,
    number_of(r.metrics, 'activation_bytes') as activation_bytes,
    number_of(r.metrics, 'state_bytes') as state_bytes,
    r.contended, coalesce(r.metrics, '{}') as metrics, t.reason, a.step, t.steps, t.generation,
    a.runtime, a.leased_at, a.started_at, t.ended_at,
    extract(epoch from a.ended_at - a.leased_at)::double precision as seconds,
    w.position, w.cancelled, t.identity, t.token, w.sweep as sweep_id, t.id as trial_id
from sweep_trial w
join trial t on t.id = w.trial
left join attempt a on a.token = t.token
left join result r on r.trial = t.id;

create view v1_attempts as
select
    'T-' || a.trial as trial, a.number, a.token, a.state, a.worker, a.hardware, a.runtime, a.leased_at, a.started_at,
    a.ended_at, a.lease_until, a.step, a.failure, a.message, a.cpu_seconds, a.observation, a.trial as trial_id
from attempt a;

create view v1_events as
select
    'S-' || e.sweep as sweep, 'T-' || e.trial as trial, e.sequence, e.at, e.kind, e.from_state, e.to_state, e.token,
    e.worker, e.detail, e.sweep as sweep_id, e.trial as trial_id, e.id as event_id, e.xact,
    e.xact < pg_snapshot_xmin(pg_current_snapshot()) as settled
from event e;

create view v1_metrics as
select
    'T-' || c.trial as trial, c.metric, p.step, p.value, p.seconds, c.received_at, c.first_step, c.trial as trial_id
from metric_chunk c
join trial t on t.id = c.trial and t.token = c.token
cross join lateral unnest(c.steps, c.values, c.seconds) with ordinality as p (step, value, seconds, place);

create view v1_metric_last as
select 'T-' || l.trial as trial, l.metric, l.step, l.value, l.trial as trial_id
from metric_last l
join trial t on t.id = l.trial and t.token = l.token;

create view v1_profiles as
select
    'T-' || p.trial as trial, p.name, p.axis, c.at, c.value, c.samples, c.place, p.trial as trial_id
from profile p
join trial t on t.id = p.trial and t.token = p.token
cross join lateral unnest(p.at, p.values, p.samples) with ordinality as c (at, value, samples, place);

create view v1_accuracy as
select
    'S-' || w.sweep as sweep, 'T-' || p.trial as trial, p.axis, c.at as value, c.value as accuracy, c.samples,
    w.position, w.sweep as sweep_id, p.trial as trial_id
from profile p
join trial t on t.id = p.trial and t.token = p.token
join sweep_trial w on w.trial = t.id
cross join lateral unnest(p.at, p.values, p.samples) as c (at, value, samples)
where p.name = 'accuracy';

create view v1_logs as
select 'T-' || l.trial as trial, l.first_line + c.place - 1 as line, c.text, l.trial as trial_id
from log_chunk l
join trial t on t.id = l.trial and t.token = l.token
cross join lateral unnest(l.lines) with ordinality as c (text, place);

create view v1_workers as
select
    w.id as worker, w.name, w.host, w.state, w.slots, b.busy, w.hardware, h.facts as hardware_facts, w.runtime,
    r.facts as runtime_facts, w.cores, w.memory_bytes, w.data, w.joined_at, w.seen_at
from worker w
join hardware h on h.id = w.hardware
join runtime r on r.id = w.runtime
cross join lateral (
    select count(*)::int as busy from attempt a where a.worker = w.id and a.state in ('leased', 'started')) b;

create view v1_verdicts as
select
    r.claim, r.profile, r.id as run, r.file_hash, r.file, r.registered_at, r.registered_by, v.document,
    v.document_hash, v.judged_at, s.sweeps, s.sweep_ids
from claim_run r
left join verdict v on v.claim_run = r.id
cross join lateral (
    select
        coalesce(array_agg('S-' || c.sweep order by c.sweep), '{}') as sweeps,
        coalesce(array_agg(c.sweep order by c.sweep), '{}') as sweep_ids
    from claim_run_sweep c
    where c.claim_run = r.id) s;
