-- Who runs trials, and each leased execution. Leases run on this database's clock and on no other.

create table hardware (
    id         text        primary key,
    facts      jsonb       not null,
    created_at timestamptz not null default clock_timestamp()
);
comment on table hardware is 'Stable facts of a machine. Times and memory are compared on equal hardware only.';
comment on column hardware.id is 'Short hash of the facts.';
comment on column hardware.facts is 'CPU model, cores, rounded memory, GPU, container limits; never a clock reading.';
comment on column hardware.created_at is 'When it was first seen.';

create table runtime (
    id         text        primary key,
    facts      jsonb       not null,
    created_at timestamptz not null default clock_timestamp()
);
comment on table runtime is 'Facts of a system: a difference is a reservation of a comparison.';
comment on column runtime.id is 'Short hash of the facts.';
comment on column runtime.facts is 'OS, driver, libtorch, build, threads, allocator settings.';
comment on column runtime.created_at is 'When it was first seen.';

create table host (
    id           text        primary key,
    hardware     text        not null references hardware,
    cores        int         not null check (cores > 0),
    memory_bytes bigint      not null check (memory_bytes >= 0),
    seen_at      timestamptz not null default clock_timestamp()
);
comment on table host is 'The machine under workers: its cores and memory are shared out per host.';
comment on column host.id is 'Boot id, or the name given to its workers.';
comment on column host.hardware is 'Its hardware.';
comment on column host.cores is 'Cores that attempts may use, as the worker that joined last said.';
comment on column host.memory_bytes is 'Memory that attempts may use, as the worker that joined last said.';
comment on column host.seen_at is 'When a worker of it last joined.';

create table worker (
    id           text        primary key,
    name         text        not null,
    host         text        not null references host,
    hardware     text        not null references hardware,
    runtime      text        not null references runtime,
    slots        int         not null check (slots > 0),
    cores        int         not null check (cores > 0),
    memory_bytes bigint      not null check (memory_bytes >= 0),
    data         jsonb       not null,
    state        text        not null default 'ready' check (state in ('ready', 'draining', 'lost', 'left')),
    joined_at    timestamptz not null default clock_timestamp(),
    seen_at      timestamptz not null default clock_timestamp()
);
create index worker_here on worker (id) where state in ('ready', 'draining');
comment on table worker is 'A program on a host that runs attempts.';
comment on column worker.id is 'Chosen by the worker at its start.';
comment on column worker.name is 'Name for people.';
comment on column worker.host is 'The machine.';
comment on column worker.hardware is 'Its hardware.';
comment on column worker.runtime is 'Its runtime.';
comment on column worker.slots is 'Attempts that it runs at a time.';
comment on column worker.cores is 'Cores that its attempts may use together.';
comment on column worker.memory_bytes is 'Memory that its attempts may use together.';
comment on column worker.data is 'Data sets that it can read: name to SHA-256.';
comment on column worker.state is 'ready; draining; lost: no sign of life; left: it said good-bye.';
comment on column worker.joined_at is 'When it last joined.';
comment on column worker.seen_at is 'Its last sign of life.';

create table dispatcher (
    id          int         primary key check (id = 0),
    epoch       bigint      not null,
    acquired_at timestamptz not null default clock_timestamp()
);
insert into dispatcher (id, epoch) values (0, 0);
comment on table dispatcher is 'One row: which activation of the dispatcher may write.';
comment on column dispatcher.id is 'Always 0.';
comment on column dispatcher.epoch is 'Raised by each activation; a batch of an older one is refused.';
comment on column dispatcher.acquired_at is 'When the current activation took over.';

create function require_epoch(expected bigint) returns void language plpgsql as $$
begin
    -- The share lock holds a newer activation back until this batch has committed.
    perform from dispatcher where epoch = expected for share;
    if not found then
        raise exception 'epoch % of the dispatcher is over', expected using errcode = 'HE001';
    end if;
end
$$;
comment on function require_epoch is 'Fails with HE001 unless the caller''s epoch is current.';

create table attempt (
    token       bigint           primary key,
    trial       bigint           not null references trial,
    number      int              not null,
    worker      text             not null references worker,
    hardware    text             not null references hardware,
    runtime     text             references runtime,
    epoch       bigint           not null,
    state       text             not null default 'leased' check (state in (
        'leased', 'started', 'completed', 'failed', 'lost', 'fenced', 'cancelled', 'drained')),
    leased_at   timestamptz      not null default clock_timestamp(),
    started_at  timestamptz,
    ended_at    timestamptz,
    lease_until timestamptz      not null,
    step        int,
    failure     text             check (failure in ('job', 'crash', 'protocol', 'start', 'data', 'disk_full')),
    message     text,
    cpu_seconds double precision,
    observation jsonb,
    unique (trial, number),
    check ((ended_at is null) = (state in ('leased', 'started'))),
    check (failure is null or state = 'failed')
) with (fillfactor = 60);
create unique index attempt_live on attempt (trial) where state in ('leased', 'started');
create index attempt_lease on attempt (lease_until) where state in ('leased', 'started');
create index attempt_worker on attempt (worker) where state in ('leased', 'started');
comment on table attempt is 'One leased execution of a trial by one worker.';
comment on column attempt.token is 'Fencing token: every message about the attempt carries it.';
comment on column attempt.trial is 'The trial.';
comment on column attempt.number is '1 for the trial''s first attempt.';
comment on column attempt.worker is 'The worker.';
comment on column attempt.hardware is 'Hardware at the time of the lease.';
comment on column attempt.runtime is 'Runtime as the trainer reported it, or null.';
comment on column attempt.epoch is 'Epoch of the dispatcher that leased it.';
comment on column attempt.state is 'Life of the attempt; at most one of a trial is leased or started.';
comment on column attempt.leased_at is 'When it was leased.';
comment on column attempt.started_at is 'When its trainer was first seen running.';
comment on column attempt.ended_at is 'When its end was recorded.';
comment on column attempt.lease_until is 'End of its lease unless a heartbeat moves it.';
comment on column attempt.step is 'Steps done, as the last heartbeat said.';
comment on column attempt.failure is 'Why it failed.';
comment on column attempt.message is 'One sentence, and the last lines of its log.';
comment on column attempt.cpu_seconds is 'CPU time of its trainer, start-up included.';
comment on column attempt.observation is 'What it reported as its result, also when that was refused.';

create table result (
    trial           bigint           primary key references trial,
    token           bigint           not null unique references attempt,
    outcome         text             not null check (outcome in ('ok', 'diverged', 'oom', 'early_stopped', 'censored')),
    metrics         jsonb            not null,
    parameter_count bigint,
    parameter_hash  text,
    contended       boolean,
    cpu_seconds     double precision,
    recorded_at     timestamptz      not null default clock_timestamp()
);
comment on table result is 'The one accepted result of a succeeded trial.';
comment on column result.trial is 'The trial.';
comment on column result.token is 'The attempt that measured it.';
comment on column result.outcome is 'What was measured; diverging and running out of its own memory are results.';
comment on column result.metrics is 'Final numbers by name; absent where not measured; NaN and infinities as words.';
comment on column result.parameter_count is 'Number of trained numbers.';
comment on column result.parameter_hash is 'SHA-256 of the final parameters.';
comment on column result.contended is 'Whether the machine was contended; null where it was not measured.';
comment on column result.cpu_seconds is 'CPU time of the trainer as its worker read it.';
comment on column result.recorded_at is 'When it was accepted.';
