-- What people submit, what it consists of, and the append-only history of both.
-- Every change of a trial is one guarded statement: where state = … and token = …; no row changed = stale writer.

create table sweep (
    id                    bigint      primary key generated always as identity,
    spec_key              text        not null unique,
    spec_hash             text        not null,
    name                  text        not null,
    description           text,
    source                text        not null,
    spec                  text        not null,
    submitted_by          text        not null,
    submitted_at          timestamptz not null default clock_timestamp(),
    started_at            timestamptz,
    ended_at              timestamptz,
    state                 text        not null default 'queued' check (state in (
        'queued', 'running', 'pausing', 'paused', 'cancelling', 'cancelled', 'completed', 'completed_with_failures')),
    priority              int         not null,
    max_concurrent_trials int         not null check (max_concurrent_trials > 0),
    max_crashes           int         not null check (max_crashes >= 0),
    max_retries           int         not null check (max_retries >= 0),
    trial_count           int         not null check (trial_count > 0),
    sequence              int         not null default 0,
    claim_run             bigint,
    trace_parent          text
);
create index sweep_live on sweep (id) where state in ('queued', 'running', 'pausing', 'paused', 'cancelling');

comment on table sweep is 'What a person submitted: parameters, seeds, budget.';
comment on column sweep.id is 'Number; people write S-1.';
comment on column sweep.spec_key is 'Key of the grain: hash of the resolved spec, with a suffix for a sweep that was submitted afresh.';
comment on column sweep.spec_hash is 'SHA-256 of the resolved spec, 64 hexadecimal digits.';
comment on column sweep.name is 'Name from the file.';
comment on column sweep.description is 'Description from the file.';
comment on column sweep.source is 'The file as it was submitted.';
comment on column sweep.spec is 'The resolved spec as canonical JSON.';
comment on column sweep.submitted_by is 'Who submitted it.';
comment on column sweep.submitted_at is 'When it was submitted.';
comment on column sweep.started_at is 'When its first trial was leased.';
comment on column sweep.ended_at is 'When it reached a terminal state.';
comment on column sweep.state is 'Life of the sweep; cancelled, completed and completed_with_failures are terminal.';
comment on column sweep.priority is 'Higher first.';
comment on column sweep.max_concurrent_trials is 'Trials of this sweep that may run at a time.';
comment on column sweep.max_crashes is 'Counted infrastructure failures before a trial is quarantined.';
comment on column sweep.max_retries is 'Counted job failures that are tried again before a trial is failed.';
comment on column sweep.trial_count is 'Number of its trials.';
comment on column sweep.sequence is 'Number of its last event.';
comment on column sweep.claim_run is 'The run of a claim that made it, or null.';
comment on column sweep.trace_parent is 'W3C trace context of the submit; root spans of its trials link to it.';

create sequence fencing_token;
comment on sequence fencing_token is 'Grows with every lease, so that a worker that wakes up late can be told from the current one.';

create table trial (
    id           bigint      primary key generated always as identity,
    identity     text        not null,
    generation   int         not null default 1 check (generation > 0),
    model        text        not null,
    task         text        not null,
    seed         bigint      not null,
    repeat       int         not null,
    spec         jsonb       not null,
    steps        int,
    threads      int         not null check (threads > 0),
    memory_bytes bigint      not null check (memory_bytes >= 0),
    data_hash    text,
    state        text        not null default 'pending' check (state in (
        'pending', 'leased', 'running', 'retry_wait', 'succeeded', 'failed', 'quarantined', 'cancelled')),
    token        bigint,
    attempts     int         not null default 0,
    crashes      int         not null default 0,
    failures     int         not null default 0,
    max_crashes  int         not null,
    max_retries  int         not null,
    not_before   timestamptz,
    reason       text,
    sequence     int         not null default 0,
    created_at   timestamptz not null default clock_timestamp(),
    ended_at     timestamptz,
    unique (identity, generation),
    check (token is not null or state in ('pending', 'cancelled'))
) with (fillfactor = 60);
create index trial_open on trial (id) where state in ('pending', 'leased', 'running', 'retry_wait');
create index trial_retry_wait on trial (not_before) where state = 'retry_wait';

comment on table trial is 'One training job. It exists once, and sweeps share it.';
comment on column trial.id is 'Number; people write T-1.';
comment on column trial.identity is 'Hash of every setting that can move a number.';
comment on column trial.generation is 'Raised by a fresh submit and by a retry; the older ones keep their history.';
comment on column trial.model is 'Sequence model.';
comment on column trial.task is 'Sequence task.';
comment on column trial.seed is 'Key of every random stream.';
comment on column trial.repeat is 'Block number or memory repeat; part of the identity, of no random stream.';
comment on column trial.spec is 'What the trainer is told.';
comment on column trial.steps is 'Steps of its budget, or null where it has none.';
comment on column trial.threads is 'Cores that it takes of its host.';
comment on column trial.memory_bytes is 'Memory that it takes of its host; 0 = it names none.';
comment on column trial.data_hash is 'SHA-256 of the data file that it reads, or null.';
comment on column trial.state is 'Life of the trial; succeeded, failed, quarantined and cancelled are terminal.';
comment on column trial.token is 'Its newest attempt: the only one that may change it.';
comment on column trial.attempts is 'Attempts so far.';
comment on column trial.crashes is 'Counted infrastructure failures.';
comment on column trial.failures is 'Counted job failures.';
comment on column trial.max_crashes is 'Crashes at which it is quarantined: the largest of the sweeps that share it.';
comment on column trial.max_retries is 'Job failures that are tried again: the largest of the sweeps that share it.';
comment on column trial.not_before is 'In retry_wait: when it becomes pending again.';
comment on column trial.reason is 'Why it failed, is quarantined or waits.';
comment on column trial.sequence is 'Number of its last event.';
comment on column trial.created_at is 'When a sweep first asked for it.';
comment on column trial.ended_at is 'When it reached a terminal state.';

create table sweep_trial (
    sweep     bigint  not null references sweep,
    trial     bigint  not null references trial,
    position  int     not null,
    priority  int     not null,
    skipped   boolean not null default false,
    cancelled boolean not null default false,
    primary key (sweep, trial),
    unique (sweep, position)
);
create index sweep_trial_trial on sweep_trial (trial);

comment on table sweep_trial is 'Which sweep wants which trial.';
comment on column sweep_trial.sweep is 'The sweep.';
comment on column sweep_trial.trial is 'The trial.';
comment on column sweep_trial.position is 'Place in the order in which the sweep wants its trials to run, from 0.';
comment on column sweep_trial.priority is 'Higher first.';
comment on column sweep_trial.skipped is 'Whether the sweep gave it up by a rule of its own.';
comment on column sweep_trial.cancelled is 'Whether the sweep was cancelled before the trial ended.';

-- Volatile, so that a guarded update which had to wait for a row looks again and sees what was committed meanwhile.
create function trial_is_wanted(wanted bigint) returns boolean volatile language sql as $$
    select exists (
        select from sweep_trial s
        join sweep on sweep.id = s.sweep
        where s.trial = wanted and not s.cancelled and not s.skipped
            and sweep.state in ('queued', 'running', 'pausing', 'paused'))
$$;
comment on function trial_is_wanted is 'Whether a live sweep waits for this trial.';

create table event (
    id         bigint      primary key generated always as identity,
    xact       xid8        not null default pg_current_xact_id(),
    at         timestamptz not null default clock_timestamp(),
    sweep      bigint,
    trial      bigint,
    sequence   int         not null,
    kind       text        not null,
    from_state text,
    to_state   text,
    token      bigint,
    worker     text,
    detail     text,
    check ((sweep is null) <> (trial is null))
);
create unique index event_trial on event (trial, sequence) where trial is not null;
create unique index event_sweep on event (sweep, sequence) where sweep is not null;
create index event_cursor on event (xact, id);

comment on table event is 'Append-only history of sweeps and trials, written with the change it tells of. Nobody may update or delete.';
comment on column event.id is 'Order of insertion, which is not the order of commit.';
comment on column event.xact is 'Writing transaction. Readers that follow take only rows below the snapshot''s xmin, ordered by (xact, id).';
comment on column event.at is 'Clock of the database.';
comment on column event.sweep is 'The sweep, or null for an event of a trial.';
comment on column event.trial is 'The trial, or null for an event of a sweep.';
comment on column event.sequence is 'Dense number under the lock of the row it tells of, from 1.';
comment on column event.kind is 'submitted, leased, started, completed, failed (its job), crashed (its process), expired, drained, cancelling, cancelled, fenced, ready, ended.';
comment on column event.from_state is 'State before.';
comment on column event.to_state is 'State after; equal where nothing changed, as for fenced.';
comment on column event.token is 'The attempt, or null.';
comment on column event.worker is 'The worker, or null.';
comment on column event.detail is 'Reason, or null.';
