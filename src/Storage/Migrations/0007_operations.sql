-- Operations on sweeps that run: pause and resume, retry of failed trials, priority and limits.

-- A paused sweep still wants its trials, so they are not cancelled; but it lets none of them run. Volatile, so that a
-- guarded update which had to wait for a row looks again; in a language that keeps its plan.
create function trial_may_run(asked bigint) returns boolean volatile language plpgsql as $$
begin
    return exists (
        select from sweep_trial s
        join sweep on sweep.id = s.sweep
        where s.trial = asked and not s.cancelled and not s.skipped and sweep.state in ('queued', 'running'));
end
$$;
comment on function trial_may_run is 'Whether a sweep that is neither paused nor ended waits for this trial.';

create table retried_trial (
    sweep      bigint      not null references sweep,
    trial      bigint      not null references trial,
    again      bigint      not null references trial,
    position   int         not null,
    retried_at timestamptz not null default clock_timestamp(),
    primary key (sweep, trial)
);
create index retried_trial_trial on retried_trial (trial);
create index retried_trial_again on retried_trial (again);
comment on table retried_trial is 'Failed trials whose place in a sweep a newer generation has taken: they keep their history.';
comment on column retried_trial.sweep is 'The sweep.';
comment on column retried_trial.trial is 'The trial that failed or was quarantined.';
comment on column retried_trial.again is 'The trial that took its place.';
comment on column retried_trial.position is 'The place, from 0.';
comment on column retried_trial.retried_at is 'When the retry was asked for.';

comment on column event.kind is 'Of a trial: submitted, leased, started, completed, failed (its job), crashed (its process), expired, drained, cancelled, fenced, ready. Of a sweep: submitted, started, pausing, paused, resumed, cancelling, retried, set, ended.';

create or replace view v1_sweeps as
select
    'S-' || s.id as sweep, s.name, s.description, s.state, s.submitted_by, s.submitted_at, s.started_at, s.ended_at,
    s.trial_count, c.states, c.running_share, s.priority, s.max_concurrent_trials, s.max_crashes, s.max_retries,
    s.claim_run, s.spec_hash, s.spec, s.source, s.spec_key, s.id as sweep_id, s.sequence as version
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
comment on column v1_sweeps.version is 'Number of its last event: grows with each change of the sweep.';

create view v1_retried_trials as
select
    'S-' || r.sweep as sweep, 'T-' || t.id as trial, 'T-' || r.again as again, t.model, t.task, t.seed, t.repeat,
    t.spec -> 'settings' as parameters, t.state, t.reason, t.attempts, t.generation, a.worker, a.hardware,
    a.cpu_seconds, a.step, t.ended_at, r.retried_at, r.position, r.sweep as sweep_id, t.id as trial_id
from retried_trial r
join trial t on t.id = r.trial
left join attempt a on a.token = t.token;
comment on view v1_retried_trials is 'A row a failed trial whose place in a sweep a newer generation has taken.';
comment on column v1_retried_trials.sweep is 'Id of the sweep, S-1.';
comment on column v1_retried_trials.trial is 'Id of the trial, T-1.';
comment on column v1_retried_trials.again is 'Id of the trial that took its place.';
comment on column v1_retried_trials.model is 'Sequence model.';
comment on column v1_retried_trials.task is 'Sequence task.';
comment on column v1_retried_trials.seed is 'Key of every random stream.';
comment on column v1_retried_trials.repeat is 'Block number or memory repeat.';
comment on column v1_retried_trials.parameters is 'Settings by name, defaults filled in.';
comment on column v1_retried_trials.state is 'State: failed or quarantined.';
comment on column v1_retried_trials.reason is 'Why it failed or is quarantined.';
comment on column v1_retried_trials.attempts is 'Attempts that it had.';
comment on column v1_retried_trials.generation is 'Raised by a fresh submit and by a retry.';
comment on column v1_retried_trials.worker is 'Worker of its last attempt.';
comment on column v1_retried_trials.hardware is 'Short hash of that attempt''s hardware.';
comment on column v1_retried_trials.cpu_seconds is 'CPU time of that attempt''s trainer.';
comment on column v1_retried_trials.step is 'Steps that it had done.';
comment on column v1_retried_trials.ended_at is 'When it ended.';
comment on column v1_retried_trials.retried_at is 'When the retry was asked for.';
comment on column v1_retried_trials.position is 'Place in the sweep''s order, from 0.';
comment on column v1_retried_trials.sweep_id is 'Number of the sweep.';
comment on column v1_retried_trials.trial_id is 'Number of the trial.';
