-- Exact resume: what an attempt had learnt outlives it, and the next one goes on from there.

create table checkpoint (
    trial     bigint      not null references trial,
    token     bigint      not null,
    step      int         not null check (step > 0),
    hash      text        not null check (hash ~ '^[0-9a-f]{64}$'),
    bytes     bigint      not null check (bytes > 0),
    unusable  text,
    stored_at timestamptz not null default clock_timestamp(),
    primary key (trial, token, step)
);
create index checkpoint_hash on checkpoint (hash);
comment on table checkpoint is 'What an attempt had learnt after some steps. The bytes lie in the silo''s folder under their hash; the newest two of a trial are kept, and none of one that has ended.';
comment on column checkpoint.trial is 'The trial.';
comment on column checkpoint.token is 'The attempt that wrote it.';
comment on column checkpoint.step is 'Steps that were done.';
comment on column checkpoint.hash is 'SHA-256 of its bytes, 64 hexadecimal digits.';
comment on column checkpoint.bytes is 'How many they are.';
comment on column checkpoint.unusable is 'Why an attempt could not go on from it, or null.';
comment on column checkpoint.stored_at is 'When it was stored.';

alter table attempt add column parent bigint;
alter table attempt add column resumed_step int check (resumed_step > 0);
alter table attempt add check ((parent is null) = (resumed_step is null));
alter table attempt drop constraint attempt_failure_check;
alter table attempt add constraint attempt_failure_check
    check (failure in ('job', 'crash', 'protocol', 'start', 'data', 'disk_full', 'checkpoint'));
comment on column attempt.parent is 'The attempt whose checkpoint it went on from, or null.';
comment on column attempt.resumed_step is 'Steps that were done in that checkpoint, or null.';

-- The chain of attempts behind one, flat: what readers join is one row an attempt, and none for most trials.
create table attempt_ancestor (
    token    bigint not null,
    ancestor bigint not null,
    until    int    not null,
    trial    bigint not null references trial,
    primary key (token, ancestor)
);
create index attempt_ancestor_trial on attempt_ancestor (trial);
comment on table attempt_ancestor is 'Attempts that one continues: of each its points below a step are the trial''s.';
comment on column attempt_ancestor.token is 'The attempt that went on.';
comment on column attempt_ancestor.ancestor is 'One that it continues, directly or over others.';
comment on column attempt_ancestor.until is 'Its points from this step on were lost with it.';
comment on column attempt_ancestor.trial is 'The trial.';

-- Notes the chain of an attempt that goes on, and sets what readers see as the newest points back to its checkpoint.
create function resume_curves(resumed bigint, fresh bigint, origin bigint, from_step int) returns void
volatile language plpgsql as $$
begin
    insert into attempt_ancestor (token, ancestor, until, trial)
    select fresh, origin, from_step, resumed
    union all
    select fresh, a.ancestor, a.until, resumed from attempt_ancestor a where a.token = origin;

    update metric_last l set token = fresh, step = p.step, value = p.value
    from metric_last k
    cross join lateral (
        select s.step, s.value
        from attempt_ancestor a
        join metric_chunk c on c.trial = resumed and c.token = a.ancestor and c.metric = k.metric
            and c.first_step < a.until
        cross join lateral unnest(c.steps, c.values) as s (step, value)
        where a.token = fresh and s.step < a.until
        order by c.first_step desc, s.step desc
        limit 1) p
    where k.trial = resumed and l.trial = k.trial and l.metric = k.metric;
end
$$;
comment on function resume_curves is 'Makes an attempt the continuation of another up to a step, for readers of curves.';

create or replace view v1_metrics as
select
    'T-' || c.trial as trial, c.metric, p.step, p.value, p.seconds, c.received_at, c.first_step, c.trial as trial_id
from trial t
cross join lateral (
    select t.token, null::int as until
    union all
    select a.ancestor, a.until from attempt_ancestor a where a.token = t.token) w
join metric_chunk c on c.trial = t.id and c.token = w.token and (w.until is null or c.first_step < w.until)
cross join lateral unnest(c.steps, c.values, c.seconds) with ordinality as p (step, value, seconds, place)
where w.until is null or p.step < w.until;
comment on view v1_metrics is 'A row a point of a curve, of the winning chain of attempts: of an earlier one only what came before the step that the next went on from.';

create or replace view v1_attempts as
select
    'T-' || a.trial as trial, a.number, a.token, a.state, a.worker, a.hardware, a.runtime, a.leased_at, a.started_at,
    a.ended_at, a.lease_until, a.step, a.failure, a.message, a.cpu_seconds, a.observation, a.trial as trial_id,
    a.parent, a.resumed_step
from attempt a;
comment on column v1_attempts.parent is 'Token of the attempt whose checkpoint it went on from, or null.';
comment on column v1_attempts.resumed_step is 'Steps that were done in that checkpoint, or null.';

create or replace view v1_trials as
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
    -- Of a trial that went on from a checkpoint the last attempt is a part: its time is not the trial's.
    case when a.resumed_step is null then coalesce(r.cpu_seconds, number_of(r.metrics, 'cpu_seconds')) end
        as cpu_seconds,
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

create view v1_checkpoints as
select
    'T-' || c.trial as trial, a.number as attempt, c.token, c.step, c.bytes, c.hash, c.unusable, c.stored_at,
    c.trial as trial_id
from checkpoint c
join attempt a on a.token = c.token;
comment on view v1_checkpoints is 'A row a checkpoint that is kept.';
comment on column v1_checkpoints.trial is 'Id of the trial, T-1.';
comment on column v1_checkpoints.attempt is 'Number of the attempt that wrote it.';
comment on column v1_checkpoints.token is 'Fencing token of that attempt.';
comment on column v1_checkpoints.step is 'Steps that were done.';
comment on column v1_checkpoints.bytes is 'Its size.';
comment on column v1_checkpoints.hash is 'SHA-256 of its bytes.';
comment on column v1_checkpoints.unusable is 'Why an attempt could not go on from it, or null.';
comment on column v1_checkpoints.stored_at is 'When it was stored.';
comment on column v1_checkpoints.trial_id is 'Number of the trial.';
