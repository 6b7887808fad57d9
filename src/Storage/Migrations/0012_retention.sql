-- What may go: sweeps that people remove, and by age what nobody asks for any more.

-- Chunks go with their trial, whose key they bear. Keys to the attempt as well would be searched through the whole
-- table for every attempt that goes, since no index begins with the token; and each costs a lock on every append.
alter table metric_chunk drop constraint metric_chunk_token_fkey;
alter table metric_last drop constraint metric_last_token_fkey;
alter table profile drop constraint profile_token_fkey;
alter table log_chunk drop constraint log_chunk_token_fkey;

create index event_removed on event (at) where kind = 'removed';
comment on column event.kind is 'Of a trial: submitted, leased, started, completed, failed (its job), crashed (its process), expired, drained, cancelled, fenced, ready, removed. Of a sweep: submitted, started, pausing, paused, resumed, cancelling, retried, set, ended, removed.';

-- The only way by which an event may go, and it reaches none of a sweep or trial that is there.
create function forget_removed(age interval, most int, dry_run boolean) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    trials bigint[];
    sweeps bigint[];
    forgotten bigint;
begin
    select array_agg(r.trial) filter (where r.trial is not null), array_agg(r.sweep) filter (where r.sweep is not null)
    into trials, sweeps
    from (
        select e.trial, e.sweep from event e
        where e.kind = 'removed' and e.at < clock_timestamp() - age
            and not exists (select from trial t where t.id = e.trial)
            and not exists (select from sweep s where s.id = e.sweep)
        order by e.at
        limit most) r;
    if dry_run then
        select count(*) into forgotten from event e where e.trial = any (trials) or e.sweep = any (sweeps);
    else
        delete from event e where e.trial = any (trials) or e.sweep = any (sweeps);
        get diagnostics forgotten = row_count;
    end if;
    return forgotten;
end
$$;
comment on function forget_removed is 'Deletes, or with dry_run counts, the history of sweeps and trials that were removed longer ago than that.';

create table idempotency_key (
    submitted_by text        not null,
    key          text        not null check (length(key) between 1 and 255),
    body_hash    text        not null,
    sweep        bigint      not null references sweep,
    created      boolean     not null,
    reused       int         not null,
    created_at   timestamptz not null default clock_timestamp(),
    primary key (submitted_by, key)
);
create index idempotency_key_sweep on idempotency_key (sweep);
comment on table idempotency_key is 'Submits that named a key: the same key again gets the same answer.';
comment on column idempotency_key.submitted_by is 'Whose key it is.';
comment on column idempotency_key.key is 'The key, as the caller chose it.';
comment on column idempotency_key.body_hash is 'SHA-256 of what was submitted under it.';
comment on column idempotency_key.sweep is 'The sweep that it was answered with.';
comment on column idempotency_key.created is 'Whether that submit made the sweep.';
comment on column idempotency_key.reused is 'How many of its trials were there before.';
comment on column idempotency_key.created_at is 'When it was first named.';
