-- The database of version 0.2.0: ./dev schema wrote it, nobody edits it.
--
-- PostgreSQL database dump
--

\restrict SJbBqLFO4hNgtufo1IlGvHUkOHkwudfXT2LaX04a4kFTdJYdwvAaZtYFYsQ5GAZ

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: forget_removed(interval, integer, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.forget_removed(age interval, most integer, dry_run boolean) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
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


--
-- Name: FUNCTION forget_removed(age interval, most integer, dry_run boolean); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.forget_removed(age interval, most integer, dry_run boolean) IS 'Deletes, or with dry_run counts, the history of sweeps and trials that were removed longer ago than that.';


--
-- Name: number_of(jsonb, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.number_of(metrics jsonb, name text) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    AS $$
    select (metrics ->> name)::double precision
$$;


--
-- Name: FUNCTION number_of(metrics jsonb, name text); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.number_of(metrics jsonb, name text) IS 'A number of a result, also where JSON has to write it as a word.';


--
-- Name: require_epoch(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.require_epoch(expected bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    -- The share lock holds a newer activation back until this batch has committed.
    perform from dispatcher where epoch = expected for share;
    if not found then
        raise exception 'epoch % of the dispatcher is over', expected using errcode = 'HE001';
    end if;
end
$$;


--
-- Name: FUNCTION require_epoch(expected bigint); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.require_epoch(expected bigint) IS 'Fails with HE001 unless the caller''s epoch is current.';


--
-- Name: resume_curves(bigint, bigint, bigint, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.resume_curves(resumed bigint, fresh bigint, origin bigint, from_step integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
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


--
-- Name: FUNCTION resume_curves(resumed bigint, fresh bigint, origin bigint, from_step integer); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.resume_curves(resumed bigint, fresh bigint, origin bigint, from_step integer) IS 'Makes an attempt the continuation of another up to a step, for readers of curves.';


--
-- Name: trial_is_wanted(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.trial_is_wanted(wanted bigint) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    return exists (
        select from sweep_trial s
        join sweep on sweep.id = s.sweep
        where s.trial = wanted and not s.cancelled and not s.skipped
            and sweep.state in ('queued', 'running', 'pausing', 'paused'));
end
$$;


--
-- Name: FUNCTION trial_is_wanted(wanted bigint); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.trial_is_wanted(wanted bigint) IS 'Whether a live sweep waits for this trial.';


--
-- Name: trial_may_run(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.trial_may_run(asked bigint) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
    return exists (
        select from sweep_trial s
        join sweep on sweep.id = s.sweep
        where s.trial = asked and not s.cancelled and not s.skipped and sweep.state in ('queued', 'running'));
end
$$;


--
-- Name: FUNCTION trial_may_run(asked bigint); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.trial_may_run(asked bigint) IS 'Whether a sweep that is neither paused nor ended waits for this trial.';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: attempt; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.attempt (
    token bigint NOT NULL,
    trial bigint NOT NULL,
    number integer NOT NULL,
    worker text NOT NULL,
    hardware text NOT NULL,
    runtime text,
    epoch bigint NOT NULL,
    state text DEFAULT 'leased'::text NOT NULL,
    leased_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    lease_until timestamp with time zone NOT NULL,
    step integer,
    failure text,
    message text,
    cpu_seconds double precision,
    observation jsonb,
    parent bigint,
    resumed_step integer,
    CONSTRAINT attempt_check CHECK (((ended_at IS NULL) = (state = ANY (ARRAY['leased'::text, 'started'::text])))),
    CONSTRAINT attempt_check1 CHECK (((failure IS NULL) OR (state = 'failed'::text))),
    CONSTRAINT attempt_check2 CHECK (((parent IS NULL) = (resumed_step IS NULL))),
    CONSTRAINT attempt_failure_check CHECK ((failure = ANY (ARRAY['job'::text, 'crash'::text, 'protocol'::text, 'start'::text, 'data'::text, 'disk_full'::text, 'checkpoint'::text]))),
    CONSTRAINT attempt_resumed_step_check CHECK ((resumed_step > 0)),
    CONSTRAINT attempt_state_check CHECK ((state = ANY (ARRAY['leased'::text, 'started'::text, 'completed'::text, 'failed'::text, 'lost'::text, 'fenced'::text, 'cancelled'::text, 'drained'::text])))
)
WITH (fillfactor='60');


--
-- Name: TABLE attempt; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.attempt IS 'One leased execution of a trial by one worker.';


--
-- Name: COLUMN attempt.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.token IS 'Fencing token: every message about the attempt carries it.';


--
-- Name: COLUMN attempt.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.trial IS 'The trial.';


--
-- Name: COLUMN attempt.number; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.number IS '1 for the trial''s first attempt.';


--
-- Name: COLUMN attempt.worker; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.worker IS 'The worker.';


--
-- Name: COLUMN attempt.hardware; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.hardware IS 'Hardware at the time of the lease.';


--
-- Name: COLUMN attempt.runtime; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.runtime IS 'Runtime as the trainer reported it, or null.';


--
-- Name: COLUMN attempt.epoch; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.epoch IS 'Epoch of the dispatcher that leased it.';


--
-- Name: COLUMN attempt.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.state IS 'Life of the attempt; at most one of a trial is leased or started.';


--
-- Name: COLUMN attempt.leased_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.leased_at IS 'When it was leased.';


--
-- Name: COLUMN attempt.started_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.started_at IS 'When its trainer was first seen running.';


--
-- Name: COLUMN attempt.ended_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.ended_at IS 'When its end was recorded.';


--
-- Name: COLUMN attempt.lease_until; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.lease_until IS 'End of its lease unless a heartbeat moves it.';


--
-- Name: COLUMN attempt.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.step IS 'Steps done, as the last heartbeat said.';


--
-- Name: COLUMN attempt.failure; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.failure IS 'Why it failed.';


--
-- Name: COLUMN attempt.message; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.message IS 'One sentence, and the last lines of its log.';


--
-- Name: COLUMN attempt.cpu_seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.cpu_seconds IS 'CPU time of its trainer, start-up included.';


--
-- Name: COLUMN attempt.observation; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.observation IS 'What it reported as its result, also when that was refused.';


--
-- Name: COLUMN attempt.parent; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.parent IS 'The attempt whose checkpoint it went on from, or null.';


--
-- Name: COLUMN attempt.resumed_step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt.resumed_step IS 'Steps that were done in that checkpoint, or null.';


--
-- Name: attempt_ancestor; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.attempt_ancestor (
    token bigint NOT NULL,
    ancestor bigint NOT NULL,
    until integer NOT NULL,
    trial bigint NOT NULL
);


--
-- Name: TABLE attempt_ancestor; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.attempt_ancestor IS 'Attempts that one continues: of each its points below a step are the trial''s.';


--
-- Name: COLUMN attempt_ancestor.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt_ancestor.token IS 'The attempt that went on.';


--
-- Name: COLUMN attempt_ancestor.ancestor; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt_ancestor.ancestor IS 'One that it continues, directly or over others.';


--
-- Name: COLUMN attempt_ancestor.until; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt_ancestor.until IS 'Its points from this step on were lost with it.';


--
-- Name: COLUMN attempt_ancestor.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.attempt_ancestor.trial IS 'The trial.';


--
-- Name: checkpoint; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.checkpoint (
    trial bigint NOT NULL,
    token bigint NOT NULL,
    step integer NOT NULL,
    hash text NOT NULL,
    bytes bigint NOT NULL,
    unusable text,
    stored_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT checkpoint_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT checkpoint_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT checkpoint_step_check CHECK ((step > 0))
);


--
-- Name: TABLE checkpoint; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.checkpoint IS 'What an attempt had learnt after some steps. The bytes lie in the silo''s folder under their hash; the newest two of a trial are kept, and none of one that has ended.';


--
-- Name: COLUMN checkpoint.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.checkpoint.trial IS 'The trial.';


--
-- Name: COLUMN checkpoint.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.checkpoint.token IS 'The attempt that wrote it.';


--
-- Name: COLUMN checkpoint.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.checkpoint.step IS 'Steps that were done.';


--
-- Name: COLUMN checkpoint.hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.checkpoint.hash IS 'SHA-256 of its bytes, 64 hexadecimal digits.';


--
-- Name: COLUMN checkpoint.bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.checkpoint.bytes IS 'How many they are.';


--
-- Name: COLUMN checkpoint.unusable; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.checkpoint.unusable IS 'Why an attempt could not go on from it, or null.';


--
-- Name: COLUMN checkpoint.stored_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.checkpoint.stored_at IS 'When it was stored.';


--
-- Name: claim_run; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.claim_run (
    id bigint NOT NULL,
    claim text NOT NULL,
    profile text NOT NULL,
    file_hash text NOT NULL,
    file text NOT NULL,
    registered_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    registered_by text NOT NULL
);


--
-- Name: TABLE claim_run; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.claim_run IS 'A claim as it was registered, before any of its trials was leased.';


--
-- Name: COLUMN claim_run.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run.id IS 'Number.';


--
-- Name: COLUMN claim_run.claim; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run.claim IS 'Id of the claim.';


--
-- Name: COLUMN claim_run.profile; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run.profile IS 'smoke, quick or full.';


--
-- Name: COLUMN claim_run.file_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run.file_hash IS 'SHA-256 of the claim''s file.';


--
-- Name: COLUMN claim_run.file; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run.file IS 'The claim''s file as it was.';


--
-- Name: COLUMN claim_run.registered_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run.registered_at IS 'When it was registered.';


--
-- Name: COLUMN claim_run.registered_by; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run.registered_by IS 'Who asked.';


--
-- Name: claim_run_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.claim_run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.claim_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: claim_run_sweep; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.claim_run_sweep (
    claim_run bigint NOT NULL,
    sweep bigint NOT NULL
);


--
-- Name: TABLE claim_run_sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.claim_run_sweep IS 'Sweeps that measure for a run of a claim.';


--
-- Name: COLUMN claim_run_sweep.claim_run; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run_sweep.claim_run IS 'The run.';


--
-- Name: COLUMN claim_run_sweep.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.claim_run_sweep.sweep IS 'The sweep.';


--
-- Name: dispatcher; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.dispatcher (
    id integer NOT NULL,
    epoch bigint NOT NULL,
    acquired_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT dispatcher_id_check CHECK ((id = 0))
);


--
-- Name: TABLE dispatcher; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.dispatcher IS 'One row: which activation of the dispatcher may write.';


--
-- Name: COLUMN dispatcher.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.dispatcher.id IS 'Always 0.';


--
-- Name: COLUMN dispatcher.epoch; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.dispatcher.epoch IS 'Raised by each activation; a batch of an older one is refused.';


--
-- Name: COLUMN dispatcher.acquired_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.dispatcher.acquired_at IS 'When the current activation took over.';


--
-- Name: event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.event (
    id bigint NOT NULL,
    xact xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    sweep bigint,
    trial bigint,
    sequence integer NOT NULL,
    kind text NOT NULL,
    from_state text,
    to_state text,
    token bigint,
    worker text,
    detail text,
    CONSTRAINT event_check CHECK (((sweep IS NULL) <> (trial IS NULL)))
);


--
-- Name: TABLE event; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.event IS 'Append-only history of sweeps and trials, written with the change it tells of. Nobody may update or delete.';


--
-- Name: COLUMN event.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.id IS 'Order of insertion, which is not the order of commit.';


--
-- Name: COLUMN event.xact; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.xact IS 'Writing transaction. Readers that follow take only rows below the snapshot''s xmin, ordered by (xact, id).';


--
-- Name: COLUMN event.at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.at IS 'Clock of the database.';


--
-- Name: COLUMN event.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.sweep IS 'The sweep, or null for an event of a trial.';


--
-- Name: COLUMN event.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.trial IS 'The trial, or null for an event of a sweep.';


--
-- Name: COLUMN event.sequence; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.sequence IS 'Dense number under the lock of the row it tells of, from 1.';


--
-- Name: COLUMN event.kind; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.kind IS 'Of a trial: submitted, leased, started, completed, failed (its job), crashed (its process), expired, drained, cancelled, fenced, ready, removed, restored. Of a sweep: submitted, started, pausing, paused, resumed, cancelling, retried, set, ended, removed, restored.';


--
-- Name: COLUMN event.from_state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.from_state IS 'State before.';


--
-- Name: COLUMN event.to_state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.to_state IS 'State after; equal where nothing changed, as for fenced.';


--
-- Name: COLUMN event.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.token IS 'The attempt, or null.';


--
-- Name: COLUMN event.worker; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.worker IS 'The worker, or null.';


--
-- Name: COLUMN event.detail; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.detail IS 'Reason, or null.';


--
-- Name: event_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: fencing_token; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.fencing_token
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: SEQUENCE fencing_token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON SEQUENCE public.fencing_token IS 'Grows with every lease, so that a worker that wakes up late can be told from the current one.';


--
-- Name: hardware; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.hardware (
    id text NOT NULL,
    facts jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE hardware; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.hardware IS 'Stable facts of a machine. Times and memory are compared on equal hardware only.';


--
-- Name: COLUMN hardware.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.hardware.id IS 'Short hash of the facts.';


--
-- Name: COLUMN hardware.facts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.hardware.facts IS 'CPU model, cores, rounded memory, GPU, container limits; never a clock reading.';


--
-- Name: COLUMN hardware.created_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.hardware.created_at IS 'When it was first seen.';


--
-- Name: host; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.host (
    id text NOT NULL,
    hardware text NOT NULL,
    cores integer NOT NULL,
    memory_bytes bigint NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT host_cores_check CHECK ((cores > 0)),
    CONSTRAINT host_memory_bytes_check CHECK ((memory_bytes >= 0))
);


--
-- Name: TABLE host; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.host IS 'The machine under workers: its cores and memory are shared out per host.';


--
-- Name: COLUMN host.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.host.id IS 'Boot id, or the name given to its workers.';


--
-- Name: COLUMN host.hardware; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.host.hardware IS 'Its hardware.';


--
-- Name: COLUMN host.cores; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.host.cores IS 'Cores that attempts may use, as the worker that joined last said.';


--
-- Name: COLUMN host.memory_bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.host.memory_bytes IS 'Memory that attempts may use, as the worker that joined last said.';


--
-- Name: COLUMN host.seen_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.host.seen_at IS 'When a worker of it last joined.';


--
-- Name: idempotency_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_key (
    submitted_by text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    sweep bigint NOT NULL,
    created boolean NOT NULL,
    reused integer NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT idempotency_key_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);


--
-- Name: TABLE idempotency_key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.idempotency_key IS 'Submits that named a key: the same key again gets the same answer.';


--
-- Name: COLUMN idempotency_key.submitted_by; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_key.submitted_by IS 'Whose key it is.';


--
-- Name: COLUMN idempotency_key.key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_key.key IS 'The key, as the caller chose it.';


--
-- Name: COLUMN idempotency_key.body_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_key.body_hash IS 'SHA-256 of what was submitted under it.';


--
-- Name: COLUMN idempotency_key.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_key.sweep IS 'The sweep that it was answered with.';


--
-- Name: COLUMN idempotency_key.created; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_key.created IS 'Whether that submit made the sweep.';


--
-- Name: COLUMN idempotency_key.reused; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_key.reused IS 'How many of its trials were there before.';


--
-- Name: COLUMN idempotency_key.created_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_key.created_at IS 'When it was first named.';


--
-- Name: log_chunk; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.log_chunk (
    trial bigint NOT NULL,
    token bigint NOT NULL,
    first_line integer NOT NULL,
    lines text[] NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE log_chunk; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.log_chunk IS 'Lines that a trainer wrote to its standard error.';


--
-- Name: COLUMN log_chunk.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.log_chunk.trial IS 'The trial.';


--
-- Name: COLUMN log_chunk.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.log_chunk.token IS 'The attempt.';


--
-- Name: COLUMN log_chunk.first_line; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.log_chunk.first_line IS 'Number of the first line, from 0.';


--
-- Name: COLUMN log_chunk.lines; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.log_chunk.lines IS 'The lines, in order.';


--
-- Name: COLUMN log_chunk.received_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.log_chunk.received_at IS 'When the database received it.';


--
-- Name: metric_chunk; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.metric_chunk (
    trial bigint NOT NULL,
    token bigint NOT NULL,
    metric text NOT NULL,
    first_step integer NOT NULL,
    steps integer[] NOT NULL,
    "values" double precision[] NOT NULL,
    seconds real[] NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT metric_chunk_check CHECK (((cardinality("values") = cardinality(steps)) AND (cardinality(seconds) = cardinality(steps)))),
    CONSTRAINT metric_chunk_steps_check CHECK (((cardinality(steps) >= 1) AND (cardinality(steps) <= 256)))
);


--
-- Name: TABLE metric_chunk; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.metric_chunk IS 'Up to 256 points of a curve in a row: a fifth of the bytes of a row a point.';


--
-- Name: COLUMN metric_chunk.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_chunk.trial IS 'The trial.';


--
-- Name: COLUMN metric_chunk.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_chunk.token IS 'The attempt.';


--
-- Name: COLUMN metric_chunk.metric; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_chunk.metric IS 'Name from the metric catalogue.';


--
-- Name: COLUMN metric_chunk.first_step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_chunk.first_step IS 'First of the steps.';


--
-- Name: COLUMN metric_chunk.steps; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_chunk.steps IS 'Rising steps.';


--
-- Name: COLUMN metric_chunk."values"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_chunk."values" IS 'One value a step; NaN and infinities are kept.';


--
-- Name: COLUMN metric_chunk.seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_chunk.seconds IS 'The trainer''s monotonic clock, since its start.';


--
-- Name: COLUMN metric_chunk.received_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_chunk.received_at IS 'When the database received it.';


--
-- Name: metric_last; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.metric_last (
    trial bigint NOT NULL,
    metric text NOT NULL,
    token bigint NOT NULL,
    step integer NOT NULL,
    value double precision NOT NULL
);


--
-- Name: TABLE metric_last; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.metric_last IS 'The newest point of each curve, of the newest attempt that has one.';


--
-- Name: COLUMN metric_last.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_last.trial IS 'The trial.';


--
-- Name: COLUMN metric_last.metric; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_last.metric IS 'Name from the metric catalogue.';


--
-- Name: COLUMN metric_last.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_last.token IS 'The attempt.';


--
-- Name: COLUMN metric_last.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_last.step IS 'Step.';


--
-- Name: COLUMN metric_last.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.metric_last.value IS 'Value.';


--
-- Name: orleans_membership; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.orleans_membership (
    deployment_id text NOT NULL,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer,
    suspect_times text,
    start_time timestamp with time zone NOT NULL,
    alive_at timestamp with time zone NOT NULL
);


--
-- Name: TABLE orleans_membership; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.orleans_membership IS 'One row an instance of a silo.';


--
-- Name: COLUMN orleans_membership.deployment_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.deployment_id IS 'Cluster id.';


--
-- Name: COLUMN orleans_membership.address; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.address IS 'IP address.';


--
-- Name: COLUMN orleans_membership.port; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.port IS 'Port of the silo.';


--
-- Name: COLUMN orleans_membership.generation; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.generation IS 'Start of the instance, as Orleans counts it.';


--
-- Name: COLUMN orleans_membership.silo_name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.silo_name IS 'Name.';


--
-- Name: COLUMN orleans_membership.host_name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.host_name IS 'Host name.';


--
-- Name: COLUMN orleans_membership.status; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.status IS '1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead.';


--
-- Name: COLUMN orleans_membership.proxy_port; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.proxy_port IS 'Port of its gateway, or 0.';


--
-- Name: COLUMN orleans_membership.suspect_times; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.suspect_times IS 'Who suspected it and when.';


--
-- Name: COLUMN orleans_membership.start_time; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.start_time IS 'When it started.';


--
-- Name: COLUMN orleans_membership.alive_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership.alive_at IS 'When it last said that it lives.';


--
-- Name: orleans_membership_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.orleans_membership_version (
    deployment_id text NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE orleans_membership_version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.orleans_membership_version IS 'One row a cluster: version of its membership.';


--
-- Name: COLUMN orleans_membership_version.deployment_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership_version.deployment_id IS 'Cluster id.';


--
-- Name: COLUMN orleans_membership_version.version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership_version.version IS 'Raised by each change of membership.';


--
-- Name: COLUMN orleans_membership_version.changed_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleans_membership_version.changed_at IS 'When it was last raised.';


--
-- Name: orleansquery; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.orleansquery (
    querykey text NOT NULL,
    querytext text NOT NULL
);


--
-- Name: TABLE orleansquery; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.orleansquery IS 'The statements that Orleans'' provider runs.';


--
-- Name: COLUMN orleansquery.querykey; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleansquery.querykey IS 'Key that the provider looks up.';


--
-- Name: COLUMN orleansquery.querytext; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.orleansquery.querytext IS 'Statement with the provider''s parameters.';


--
-- Name: profile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.profile (
    trial bigint NOT NULL,
    token bigint NOT NULL,
    name text NOT NULL,
    axis text NOT NULL,
    at double precision[] NOT NULL,
    "values" double precision[] NOT NULL,
    samples bigint[],
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT profile_check CHECK (((cardinality("values") = cardinality(at)) AND ((samples IS NULL) OR (cardinality(samples) = cardinality(at)))))
);


--
-- Name: TABLE profile; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.profile IS 'A measured curve with a named axis.';


--
-- Name: COLUMN profile.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.profile.trial IS 'The trial.';


--
-- Name: COLUMN profile.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.profile.token IS 'The attempt.';


--
-- Name: COLUMN profile.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.profile.name IS 'e.g. accuracy, gradient_norm, throughput_windows.';


--
-- Name: COLUMN profile.axis; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.profile.axis IS 'e.g. lag, length, position, window.';


--
-- Name: COLUMN profile.at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.profile.at IS 'Points of the axis.';


--
-- Name: COLUMN profile."values"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.profile."values" IS 'One value a point.';


--
-- Name: COLUMN profile.samples; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.profile.samples IS 'Observations behind each value; null for single readings.';


--
-- Name: COLUMN profile.received_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.profile.received_at IS 'When the database received it.';


--
-- Name: result; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.result (
    trial bigint NOT NULL,
    token bigint NOT NULL,
    outcome text NOT NULL,
    metrics jsonb NOT NULL,
    parameter_count bigint,
    parameter_hash text,
    contended boolean,
    cpu_seconds double precision,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT result_outcome_check CHECK ((outcome = ANY (ARRAY['ok'::text, 'diverged'::text, 'oom'::text, 'early_stopped'::text, 'censored'::text])))
);


--
-- Name: TABLE result; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.result IS 'The one accepted result of a succeeded trial.';


--
-- Name: COLUMN result.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.trial IS 'The trial.';


--
-- Name: COLUMN result.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.token IS 'The attempt that measured it.';


--
-- Name: COLUMN result.outcome; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.outcome IS 'What was measured; diverging and running out of its own memory are results.';


--
-- Name: COLUMN result.metrics; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.metrics IS 'Final numbers by name; absent where not measured; NaN and infinities as words.';


--
-- Name: COLUMN result.parameter_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.parameter_count IS 'Number of trained numbers.';


--
-- Name: COLUMN result.parameter_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.parameter_hash IS 'SHA-256 of the final parameters.';


--
-- Name: COLUMN result.contended; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.contended IS 'Whether the machine was contended; null where it was not measured.';


--
-- Name: COLUMN result.cpu_seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.cpu_seconds IS 'CPU time of the trainer as its worker read it.';


--
-- Name: COLUMN result.recorded_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.result.recorded_at IS 'When it was accepted.';


--
-- Name: retried_trial; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.retried_trial (
    sweep bigint NOT NULL,
    trial bigint NOT NULL,
    again bigint NOT NULL,
    "position" integer NOT NULL,
    retried_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE retried_trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.retried_trial IS 'Failed trials whose place in a sweep a newer generation has taken: they keep their history.';


--
-- Name: COLUMN retried_trial.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.retried_trial.sweep IS 'The sweep.';


--
-- Name: COLUMN retried_trial.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.retried_trial.trial IS 'The trial that failed or was quarantined.';


--
-- Name: COLUMN retried_trial.again; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.retried_trial.again IS 'The trial that took its place.';


--
-- Name: COLUMN retried_trial."position"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.retried_trial."position" IS 'The place, from 0.';


--
-- Name: COLUMN retried_trial.retried_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.retried_trial.retried_at IS 'When the retry was asked for.';


--
-- Name: runtime; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.runtime (
    id text NOT NULL,
    facts jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE runtime; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.runtime IS 'Facts of a system: a difference is a reservation of a comparison.';


--
-- Name: COLUMN runtime.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.runtime.id IS 'Short hash of the facts.';


--
-- Name: COLUMN runtime.facts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.runtime.facts IS 'OS, driver, libtorch, build, threads, allocator settings.';


--
-- Name: COLUMN runtime.created_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.runtime.created_at IS 'When it was first seen.';


--
-- Name: schema_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_version (
    script text NOT NULL,
    hash text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE schema_version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.schema_version IS 'Migrations that this database has.';


--
-- Name: COLUMN schema_version.script; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.schema_version.script IS 'File name; the order of names is the order of migrations.';


--
-- Name: COLUMN schema_version.hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.schema_version.hash IS 'SHA-256 of the file as it was applied.';


--
-- Name: COLUMN schema_version.applied_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.schema_version.applied_at IS 'When it was applied.';


--
-- Name: sweep; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sweep (
    id bigint NOT NULL,
    spec_key text NOT NULL,
    spec_hash text NOT NULL,
    name text NOT NULL,
    description text,
    source text NOT NULL,
    spec text NOT NULL,
    submitted_by text NOT NULL,
    submitted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    state text DEFAULT 'queued'::text NOT NULL,
    priority integer NOT NULL,
    max_concurrent_trials integer NOT NULL,
    max_crashes integer NOT NULL,
    max_retries integer NOT NULL,
    trial_count integer NOT NULL,
    sequence integer DEFAULT 0 NOT NULL,
    claim_run bigint,
    trace_parent text,
    CONSTRAINT sweep_max_concurrent_trials_check CHECK ((max_concurrent_trials > 0)),
    CONSTRAINT sweep_max_crashes_check CHECK ((max_crashes >= 0)),
    CONSTRAINT sweep_max_retries_check CHECK ((max_retries >= 0)),
    CONSTRAINT sweep_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'pausing'::text, 'paused'::text, 'cancelling'::text, 'cancelled'::text, 'completed'::text, 'completed_with_failures'::text]))),
    CONSTRAINT sweep_trial_count_check CHECK ((trial_count > 0))
);


--
-- Name: TABLE sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.sweep IS 'What a person submitted: parameters, seeds, budget.';


--
-- Name: COLUMN sweep.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.id IS 'Number; people write S-1.';


--
-- Name: COLUMN sweep.spec_key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.spec_key IS 'Key of the grain: hash of the resolved spec, with a suffix for a sweep that was submitted afresh.';


--
-- Name: COLUMN sweep.spec_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.spec_hash IS 'SHA-256 of the resolved spec, 64 hexadecimal digits.';


--
-- Name: COLUMN sweep.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.name IS 'Name from the file.';


--
-- Name: COLUMN sweep.description; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.description IS 'Description from the file.';


--
-- Name: COLUMN sweep.source; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.source IS 'The file as it was submitted.';


--
-- Name: COLUMN sweep.spec; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.spec IS 'The resolved spec as canonical JSON.';


--
-- Name: COLUMN sweep.submitted_by; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.submitted_by IS 'Who submitted it.';


--
-- Name: COLUMN sweep.submitted_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.submitted_at IS 'When it was submitted.';


--
-- Name: COLUMN sweep.started_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.started_at IS 'When its first trial was leased.';


--
-- Name: COLUMN sweep.ended_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.ended_at IS 'When it reached a terminal state.';


--
-- Name: COLUMN sweep.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.state IS 'Life of the sweep; cancelled, completed and completed_with_failures are terminal.';


--
-- Name: COLUMN sweep.priority; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.priority IS 'Higher first.';


--
-- Name: COLUMN sweep.max_concurrent_trials; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.max_concurrent_trials IS 'Trials of this sweep that may run at a time.';


--
-- Name: COLUMN sweep.max_crashes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.max_crashes IS 'Counted infrastructure failures before a trial is quarantined.';


--
-- Name: COLUMN sweep.max_retries; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.max_retries IS 'Counted job failures that are tried again before a trial is failed.';


--
-- Name: COLUMN sweep.trial_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.trial_count IS 'Number of its trials.';


--
-- Name: COLUMN sweep.sequence; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.sequence IS 'Number of its last event.';


--
-- Name: COLUMN sweep.claim_run; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.claim_run IS 'The run of a claim that made it, or null.';


--
-- Name: COLUMN sweep.trace_parent; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep.trace_parent IS 'W3C trace context of the submit; root spans of its trials link to it.';


--
-- Name: sweep_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.sweep ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sweep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sweep_trial; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sweep_trial (
    sweep bigint NOT NULL,
    trial bigint NOT NULL,
    "position" integer NOT NULL,
    priority integer NOT NULL,
    skipped boolean DEFAULT false NOT NULL,
    cancelled boolean DEFAULT false NOT NULL
);


--
-- Name: TABLE sweep_trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.sweep_trial IS 'Which sweep wants which trial.';


--
-- Name: COLUMN sweep_trial.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep_trial.sweep IS 'The sweep.';


--
-- Name: COLUMN sweep_trial.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep_trial.trial IS 'The trial.';


--
-- Name: COLUMN sweep_trial."position"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep_trial."position" IS 'Place in the order in which the sweep wants its trials to run, from 0.';


--
-- Name: COLUMN sweep_trial.priority; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep_trial.priority IS 'Higher first.';


--
-- Name: COLUMN sweep_trial.skipped; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep_trial.skipped IS 'Whether the sweep gave it up by a rule of its own.';


--
-- Name: COLUMN sweep_trial.cancelled; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sweep_trial.cancelled IS 'Whether the sweep was cancelled before the trial ended.';


--
-- Name: trial; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.trial (
    id bigint NOT NULL,
    identity text NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    model text NOT NULL,
    task text NOT NULL,
    seed bigint NOT NULL,
    repeat integer NOT NULL,
    spec jsonb NOT NULL,
    steps integer,
    threads integer NOT NULL,
    memory_bytes bigint NOT NULL,
    data_hash text,
    state text DEFAULT 'pending'::text NOT NULL,
    token bigint,
    attempts integer DEFAULT 0 NOT NULL,
    crashes integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    max_crashes integer NOT NULL,
    max_retries integer NOT NULL,
    not_before timestamp with time zone,
    reason text,
    sequence integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT trial_check CHECK (((token IS NOT NULL) OR (state = ANY (ARRAY['pending'::text, 'cancelled'::text])))),
    CONSTRAINT trial_check1 CHECK (((not_before IS NULL) OR (state = 'retry_wait'::text))),
    CONSTRAINT trial_generation_check CHECK ((generation > 0)),
    CONSTRAINT trial_memory_bytes_check CHECK ((memory_bytes >= 0)),
    CONSTRAINT trial_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'leased'::text, 'running'::text, 'retry_wait'::text, 'succeeded'::text, 'failed'::text, 'quarantined'::text, 'cancelled'::text]))),
    CONSTRAINT trial_threads_check CHECK ((threads > 0))
)
WITH (fillfactor='60');


--
-- Name: TABLE trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.trial IS 'One training job. It exists once, and sweeps share it.';


--
-- Name: COLUMN trial.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.id IS 'Number; people write T-1.';


--
-- Name: COLUMN trial.identity; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.identity IS 'Hash of every setting that can move a number.';


--
-- Name: COLUMN trial.generation; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.generation IS 'Raised by a fresh submit and by a retry; the older ones keep their history.';


--
-- Name: COLUMN trial.model; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.model IS 'Sequence model.';


--
-- Name: COLUMN trial.task; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.task IS 'Sequence task.';


--
-- Name: COLUMN trial.seed; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.seed IS 'Key of every random stream.';


--
-- Name: COLUMN trial.repeat; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.repeat IS 'Block number or memory repeat; part of the identity, of no random stream.';


--
-- Name: COLUMN trial.spec; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.spec IS 'What the trainer is told.';


--
-- Name: COLUMN trial.steps; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.steps IS 'Steps of its budget, or null where it has none.';


--
-- Name: COLUMN trial.threads; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.threads IS 'Cores that it takes of its host.';


--
-- Name: COLUMN trial.memory_bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.memory_bytes IS 'Memory that it takes of its host; 0 = it names none.';


--
-- Name: COLUMN trial.data_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.data_hash IS 'SHA-256 of the data file that it reads, or null.';


--
-- Name: COLUMN trial.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.state IS 'Life of the trial; succeeded, failed, quarantined and cancelled are terminal.';


--
-- Name: COLUMN trial.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.token IS 'Its newest attempt: the only one that may change it.';


--
-- Name: COLUMN trial.attempts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.attempts IS 'Attempts so far.';


--
-- Name: COLUMN trial.crashes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.crashes IS 'Counted infrastructure failures.';


--
-- Name: COLUMN trial.failures; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.failures IS 'Counted job failures.';


--
-- Name: COLUMN trial.max_crashes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.max_crashes IS 'Crashes at which it is quarantined: the largest of the sweeps that share it.';


--
-- Name: COLUMN trial.max_retries; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.max_retries IS 'Job failures that are tried again: the largest of the sweeps that share it.';


--
-- Name: COLUMN trial.not_before; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.not_before IS 'In retry_wait: when it becomes pending again.';


--
-- Name: COLUMN trial.reason; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.reason IS 'Why it failed, is quarantined or waits.';


--
-- Name: COLUMN trial.sequence; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.sequence IS 'Number of its last event.';


--
-- Name: COLUMN trial.created_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.created_at IS 'When a sweep first asked for it.';


--
-- Name: COLUMN trial.ended_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.trial.ended_at IS 'When it reached a terminal state.';


--
-- Name: trial_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.trial ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.trial_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: v1_accuracy; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_accuracy AS
 SELECT ('S-'::text || w.sweep) AS sweep,
    ('T-'::text || p.trial) AS trial,
    p.axis,
    c.at AS value,
    c.value AS accuracy,
    c.samples,
    w."position",
    w.sweep AS sweep_id,
    p.trial AS trial_id
   FROM (((public.profile p
     JOIN public.trial t ON (((t.id = p.trial) AND (t.token = p.token))))
     JOIN public.sweep_trial w ON ((w.trial = t.id)))
     CROSS JOIN LATERAL UNNEST(p.at, p."values", p.samples) c(at, value, samples))
  WHERE (p.name = 'accuracy'::text);


--
-- Name: VIEW v1_accuracy; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_accuracy IS 'A row a point of the accuracy by lag, length or position.';


--
-- Name: COLUMN v1_accuracy.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy.sweep IS 'Id of the sweep, S-1.';


--
-- Name: COLUMN v1_accuracy.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_accuracy.axis; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy.axis IS 'Name of the axis: lag, length, position, window.';


--
-- Name: COLUMN v1_accuracy.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy.value IS 'Point of the axis.';


--
-- Name: COLUMN v1_accuracy.accuracy; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy.accuracy IS 'Token accuracy on the scored positions.';


--
-- Name: COLUMN v1_accuracy.samples; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy.samples IS 'Observations behind the value.';


--
-- Name: COLUMN v1_accuracy."position"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy."position" IS 'Place in the sweep''s order, from 0.';


--
-- Name: COLUMN v1_accuracy.sweep_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy.sweep_id IS 'Number of the sweep.';


--
-- Name: COLUMN v1_accuracy.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_accuracy.trial_id IS 'Number of the trial.';


--
-- Name: v1_attempts; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_attempts AS
 SELECT ('T-'::text || a.trial) AS trial,
    a.number,
    a.token,
    a.state,
    a.worker,
    a.hardware,
    a.runtime,
    a.leased_at,
    a.started_at,
    a.ended_at,
    a.lease_until,
    a.step,
    a.failure,
    a.message,
    a.cpu_seconds,
    a.observation,
    a.trial AS trial_id,
    a.parent,
    a.resumed_step
   FROM public.attempt a;


--
-- Name: VIEW v1_attempts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_attempts IS 'A row a leased execution, also of those that were lost or refused.';


--
-- Name: COLUMN v1_attempts.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_attempts.number; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.number IS '1 for the trial''s first attempt.';


--
-- Name: COLUMN v1_attempts.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.token IS 'Fencing token of the attempt.';


--
-- Name: COLUMN v1_attempts.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.state IS 'State.';


--
-- Name: COLUMN v1_attempts.worker; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.worker IS 'Id of the worker.';


--
-- Name: COLUMN v1_attempts.hardware; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.hardware IS 'Short hash of the hardware''s facts.';


--
-- Name: COLUMN v1_attempts.runtime; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.runtime IS 'Short hash of the runtime''s facts.';


--
-- Name: COLUMN v1_attempts.leased_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.leased_at IS 'When the attempt was leased.';


--
-- Name: COLUMN v1_attempts.started_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.started_at IS 'When it started.';


--
-- Name: COLUMN v1_attempts.ended_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.ended_at IS 'When it ended.';


--
-- Name: COLUMN v1_attempts.lease_until; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.lease_until IS 'End of its lease unless a heartbeat moves it.';


--
-- Name: COLUMN v1_attempts.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.step IS 'Steps done.';


--
-- Name: COLUMN v1_attempts.failure; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.failure IS 'Why it failed: job, crash, protocol, start, data, disk_full.';


--
-- Name: COLUMN v1_attempts.message; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.message IS 'One sentence, and the last lines of its log.';


--
-- Name: COLUMN v1_attempts.cpu_seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.cpu_seconds IS 'CPU time of the trainer, start-up included.';


--
-- Name: COLUMN v1_attempts.observation; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.observation IS 'What it reported as its result, also when that was refused.';


--
-- Name: COLUMN v1_attempts.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.trial_id IS 'Number of the trial.';


--
-- Name: COLUMN v1_attempts.parent; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.parent IS 'Token of the attempt whose checkpoint it went on from, or null.';


--
-- Name: COLUMN v1_attempts.resumed_step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_attempts.resumed_step IS 'Steps that were done in that checkpoint, or null.';


--
-- Name: v1_checkpoints; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_checkpoints AS
 SELECT ('T-'::text || c.trial) AS trial,
    a.number AS attempt,
    c.token,
    c.step,
    c.bytes,
    c.hash,
    c.unusable,
    c.stored_at,
    c.trial AS trial_id
   FROM (public.checkpoint c
     JOIN public.attempt a ON ((a.token = c.token)));


--
-- Name: VIEW v1_checkpoints; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_checkpoints IS 'A row a checkpoint that is kept.';


--
-- Name: COLUMN v1_checkpoints.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_checkpoints.attempt; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.attempt IS 'Number of the attempt that wrote it.';


--
-- Name: COLUMN v1_checkpoints.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.token IS 'Fencing token of that attempt.';


--
-- Name: COLUMN v1_checkpoints.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.step IS 'Steps that were done.';


--
-- Name: COLUMN v1_checkpoints.bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.bytes IS 'Its size.';


--
-- Name: COLUMN v1_checkpoints.hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.hash IS 'SHA-256 of its bytes.';


--
-- Name: COLUMN v1_checkpoints.unusable; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.unusable IS 'Why an attempt could not go on from it, or null.';


--
-- Name: COLUMN v1_checkpoints.stored_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.stored_at IS 'When it was stored.';


--
-- Name: COLUMN v1_checkpoints.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_checkpoints.trial_id IS 'Number of the trial.';


--
-- Name: v1_events; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_events AS
 SELECT ('S-'::text || e.sweep) AS sweep,
    ('T-'::text || e.trial) AS trial,
    e.sequence,
    e.at,
    e.kind,
    e.from_state,
    e.to_state,
    e.token,
    e.worker,
    e.detail,
    e.sweep AS sweep_id,
    e.trial AS trial_id,
    e.id AS event_id,
    e.xact,
    (e.xact < pg_snapshot_xmin(pg_current_snapshot())) AS settled
   FROM public.event e;


--
-- Name: VIEW v1_events; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_events IS 'The append-only history: a row is of a trial or of a sweep.';


--
-- Name: COLUMN v1_events.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.sweep IS 'Id of the sweep, S-1.';


--
-- Name: COLUMN v1_events.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_events.sequence; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.sequence IS 'Dense number within the trial or the sweep, from 1.';


--
-- Name: COLUMN v1_events.at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.at IS 'When it happened, on the database''s clock.';


--
-- Name: COLUMN v1_events.kind; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.kind IS 'What happened.';


--
-- Name: COLUMN v1_events.from_state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.from_state IS 'State before.';


--
-- Name: COLUMN v1_events.to_state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.to_state IS 'State after.';


--
-- Name: COLUMN v1_events.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.token IS 'Fencing token of the attempt.';


--
-- Name: COLUMN v1_events.worker; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.worker IS 'Id of the worker.';


--
-- Name: COLUMN v1_events.detail; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.detail IS 'Reason.';


--
-- Name: COLUMN v1_events.sweep_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.sweep_id IS 'Number of the sweep.';


--
-- Name: COLUMN v1_events.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.trial_id IS 'Number of the trial.';


--
-- Name: COLUMN v1_events.event_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.event_id IS 'Number of the event; not the order of commit.';


--
-- Name: COLUMN v1_events.xact; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.xact IS 'Writing transaction.';


--
-- Name: COLUMN v1_events.settled; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_events.settled IS 'Whether no event that commits later can come before it.';


--
-- Name: v1_logs; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_logs AS
 SELECT ('T-'::text || l.trial) AS trial,
    ((l.first_line + c.place) - 1) AS line,
    c.text,
    l.trial AS trial_id
   FROM ((public.log_chunk l
     JOIN public.trial t ON (((t.id = l.trial) AND (t.token = l.token))))
     CROSS JOIN LATERAL unnest(l.lines) WITH ORDINALITY c(text, place));


--
-- Name: VIEW v1_logs; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_logs IS 'A row a line that the trainer logged.';


--
-- Name: COLUMN v1_logs.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_logs.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_logs.line; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_logs.line IS 'Number of the line, from 0.';


--
-- Name: COLUMN v1_logs.text; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_logs.text IS 'The line.';


--
-- Name: COLUMN v1_logs.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_logs.trial_id IS 'Number of the trial.';


--
-- Name: v1_metric_last; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_metric_last AS
 SELECT ('T-'::text || l.trial) AS trial,
    l.metric,
    l.step,
    l.value,
    l.trial AS trial_id
   FROM (public.metric_last l
     JOIN public.trial t ON (((t.id = l.trial) AND (t.token = l.token))));


--
-- Name: VIEW v1_metric_last; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_metric_last IS 'A row a curve: its newest point.';


--
-- Name: COLUMN v1_metric_last.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metric_last.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_metric_last.metric; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metric_last.metric IS 'Name from the metric catalogue.';


--
-- Name: COLUMN v1_metric_last.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metric_last.step IS 'Steps done.';


--
-- Name: COLUMN v1_metric_last.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metric_last.value IS 'Value.';


--
-- Name: COLUMN v1_metric_last.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metric_last.trial_id IS 'Number of the trial.';


--
-- Name: v1_metrics; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_metrics AS
 SELECT ('T-'::text || c.trial) AS trial,
    c.metric,
    p.step,
    p.value,
    p.seconds,
    c.received_at,
    c.first_step,
    c.trial AS trial_id
   FROM (((public.trial t
     CROSS JOIN LATERAL ( SELECT t.token,
            NULL::integer AS until
        UNION ALL
         SELECT a.ancestor,
            a.until
           FROM public.attempt_ancestor a
          WHERE (a.token = t.token)) w)
     JOIN public.metric_chunk c ON (((c.trial = t.id) AND (c.token = w.token) AND ((w.until IS NULL) OR (c.first_step < w.until)))))
     CROSS JOIN LATERAL UNNEST(c.steps, c."values", c.seconds) WITH ORDINALITY p(step, value, seconds, place))
  WHERE ((w.until IS NULL) OR (p.step < w.until));


--
-- Name: VIEW v1_metrics; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_metrics IS 'A row a point of a curve, of the winning chain of attempts: of an earlier one only what came before the step that the next went on from.';


--
-- Name: COLUMN v1_metrics.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metrics.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_metrics.metric; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metrics.metric IS 'Name from the metric catalogue.';


--
-- Name: COLUMN v1_metrics.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metrics.step IS 'Steps done.';


--
-- Name: COLUMN v1_metrics.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metrics.value IS 'Value.';


--
-- Name: COLUMN v1_metrics.seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metrics.seconds IS 'The trainer''s monotonic clock, since its start.';


--
-- Name: COLUMN v1_metrics.received_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metrics.received_at IS 'When the database received it.';


--
-- Name: COLUMN v1_metrics.first_step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metrics.first_step IS 'First step of the stored chunk.';


--
-- Name: COLUMN v1_metrics.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_metrics.trial_id IS 'Number of the trial.';


--
-- Name: v1_profiles; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_profiles AS
 SELECT ('T-'::text || p.trial) AS trial,
    p.name,
    p.axis,
    c.at,
    c.value,
    c.samples,
    c.place,
    p.trial AS trial_id
   FROM ((public.profile p
     JOIN public.trial t ON (((t.id = p.trial) AND (t.token = p.token))))
     CROSS JOIN LATERAL UNNEST(p.at, p."values", p.samples) WITH ORDINALITY c(at, value, samples, place));


--
-- Name: VIEW v1_profiles; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_profiles IS 'A row a point of a profile.';


--
-- Name: COLUMN v1_profiles.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_profiles.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_profiles.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_profiles.name IS 'e.g. accuracy, gradient_norm, throughput_windows.';


--
-- Name: COLUMN v1_profiles.axis; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_profiles.axis IS 'Name of the axis: lag, length, position, window.';


--
-- Name: COLUMN v1_profiles.at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_profiles.at IS 'Point of the axis.';


--
-- Name: COLUMN v1_profiles.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_profiles.value IS 'Value.';


--
-- Name: COLUMN v1_profiles.samples; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_profiles.samples IS 'Observations behind the value.';


--
-- Name: COLUMN v1_profiles.place; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_profiles.place IS 'Place of the point in the profile, from 1.';


--
-- Name: COLUMN v1_profiles.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_profiles.trial_id IS 'Number of the trial.';


--
-- Name: v1_retried_trials; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_retried_trials AS
 SELECT ('S-'::text || r.sweep) AS sweep,
    ('T-'::text || t.id) AS trial,
    ('T-'::text || r.again) AS again,
    t.model,
    t.task,
    t.seed,
    t.repeat,
    (t.spec -> 'settings'::text) AS parameters,
    t.state,
    t.reason,
    t.attempts,
    t.generation,
    a.worker,
    a.hardware,
    a.cpu_seconds,
    a.step,
    t.ended_at,
    r.retried_at,
    r."position",
    r.sweep AS sweep_id,
    t.id AS trial_id
   FROM ((public.retried_trial r
     JOIN public.trial t ON ((t.id = r.trial)))
     LEFT JOIN public.attempt a ON ((a.token = t.token)));


--
-- Name: VIEW v1_retried_trials; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_retried_trials IS 'A row a failed trial whose place in a sweep a newer generation has taken.';


--
-- Name: COLUMN v1_retried_trials.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.sweep IS 'Id of the sweep, S-1.';


--
-- Name: COLUMN v1_retried_trials.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_retried_trials.again; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.again IS 'Id of the trial that took its place.';


--
-- Name: COLUMN v1_retried_trials.model; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.model IS 'Sequence model.';


--
-- Name: COLUMN v1_retried_trials.task; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.task IS 'Sequence task.';


--
-- Name: COLUMN v1_retried_trials.seed; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.seed IS 'Key of every random stream.';


--
-- Name: COLUMN v1_retried_trials.repeat; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.repeat IS 'Block number or memory repeat.';


--
-- Name: COLUMN v1_retried_trials.parameters; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.parameters IS 'Settings by name, defaults filled in.';


--
-- Name: COLUMN v1_retried_trials.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.state IS 'State: failed or quarantined.';


--
-- Name: COLUMN v1_retried_trials.reason; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.reason IS 'Why it failed or is quarantined.';


--
-- Name: COLUMN v1_retried_trials.attempts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.attempts IS 'Attempts that it had.';


--
-- Name: COLUMN v1_retried_trials.generation; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.generation IS 'Raised by a fresh submit and by a retry.';


--
-- Name: COLUMN v1_retried_trials.worker; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.worker IS 'Worker of its last attempt.';


--
-- Name: COLUMN v1_retried_trials.hardware; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.hardware IS 'Short hash of that attempt''s hardware.';


--
-- Name: COLUMN v1_retried_trials.cpu_seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.cpu_seconds IS 'CPU time of that attempt''s trainer.';


--
-- Name: COLUMN v1_retried_trials.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.step IS 'Steps that it had done.';


--
-- Name: COLUMN v1_retried_trials.ended_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.ended_at IS 'When it ended.';


--
-- Name: COLUMN v1_retried_trials.retried_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.retried_at IS 'When the retry was asked for.';


--
-- Name: COLUMN v1_retried_trials."position"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials."position" IS 'Place in the sweep''s order, from 0.';


--
-- Name: COLUMN v1_retried_trials.sweep_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.sweep_id IS 'Number of the sweep.';


--
-- Name: COLUMN v1_retried_trials.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_retried_trials.trial_id IS 'Number of the trial.';


--
-- Name: v1_sweep_ids; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_sweep_ids AS
 SELECT ('S-'::text || s.id) AS sweep,
    s.state,
    s.ended_at,
    s.spec_key,
    s.id AS sweep_id
   FROM public.sweep s;


--
-- Name: VIEW v1_sweep_ids; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_sweep_ids IS 'A row a sweep, without what must be counted.';


--
-- Name: COLUMN v1_sweep_ids.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweep_ids.sweep IS 'Id of the sweep, S-1.';


--
-- Name: COLUMN v1_sweep_ids.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweep_ids.state IS 'State.';


--
-- Name: COLUMN v1_sweep_ids.ended_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweep_ids.ended_at IS 'When it ended.';


--
-- Name: COLUMN v1_sweep_ids.spec_key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweep_ids.spec_key IS 'Key of the sweep''s grain.';


--
-- Name: COLUMN v1_sweep_ids.sweep_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweep_ids.sweep_id IS 'Number of the sweep.';


--
-- Name: v1_sweeps; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_sweeps AS
 SELECT ('S-'::text || s.id) AS sweep,
    s.name,
    s.description,
    s.state,
    s.submitted_by,
    s.submitted_at,
    s.started_at,
    s.ended_at,
    s.trial_count,
    c.states,
    c.running_share,
    s.priority,
    s.max_concurrent_trials,
    s.max_crashes,
    s.max_retries,
    s.claim_run,
    s.spec_hash,
    s.spec,
    s.source,
    s.spec_key,
    s.id AS sweep_id,
    s.sequence AS version
   FROM (public.sweep s
     CROSS JOIN LATERAL ( SELECT COALESCE(jsonb_object_agg(n.state, n.trials), '{}'::jsonb) AS states,
            COALESCE(sum(n.share), (0)::double precision) AS running_share
           FROM ( SELECT t.state,
                    count(*) AS trials,
                    sum(LEAST((1)::double precision, ((a.step)::double precision / (NULLIF(t.steps, 0))::double precision))) FILTER (WHERE (t.state = 'running'::text)) AS share
                   FROM ((public.sweep_trial w
                     JOIN public.trial t ON ((t.id = w.trial)))
                     LEFT JOIN public.attempt a ON (((a.token = t.token) AND (t.state = 'running'::text))))
                  WHERE (w.sweep = s.id)
                  GROUP BY t.state) n) c);


--
-- Name: VIEW v1_sweeps; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_sweeps IS 'A row a sweep.';


--
-- Name: COLUMN v1_sweeps.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.sweep IS 'Id of the sweep, S-1.';


--
-- Name: COLUMN v1_sweeps.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.name IS 'Name.';


--
-- Name: COLUMN v1_sweeps.description; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.description IS 'From the file.';


--
-- Name: COLUMN v1_sweeps.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.state IS 'State.';


--
-- Name: COLUMN v1_sweeps.submitted_by; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.submitted_by IS 'Who submitted it.';


--
-- Name: COLUMN v1_sweeps.submitted_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.submitted_at IS 'When it was submitted.';


--
-- Name: COLUMN v1_sweeps.started_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.started_at IS 'When it started.';


--
-- Name: COLUMN v1_sweeps.ended_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.ended_at IS 'When it ended.';


--
-- Name: COLUMN v1_sweeps.trial_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.trial_count IS 'Number of trials.';


--
-- Name: COLUMN v1_sweeps.states; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.states IS 'Number of trials by state.';


--
-- Name: COLUMN v1_sweeps.running_share; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.running_share IS 'Steps done by running trials: 1.5 = one and a half trials.';


--
-- Name: COLUMN v1_sweeps.priority; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.priority IS 'Higher first.';


--
-- Name: COLUMN v1_sweeps.max_concurrent_trials; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.max_concurrent_trials IS 'Trials of the sweep that may run at a time.';


--
-- Name: COLUMN v1_sweeps.max_crashes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.max_crashes IS 'Counted infrastructure failures before quarantine.';


--
-- Name: COLUMN v1_sweeps.max_retries; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.max_retries IS 'Counted job failures that are tried again.';


--
-- Name: COLUMN v1_sweeps.claim_run; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.claim_run IS 'The run of a claim that made it.';


--
-- Name: COLUMN v1_sweeps.spec_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.spec_hash IS 'SHA-256 of the resolved spec.';


--
-- Name: COLUMN v1_sweeps.spec; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.spec IS 'The resolved spec as canonical JSON.';


--
-- Name: COLUMN v1_sweeps.source; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.source IS 'The file as it was submitted.';


--
-- Name: COLUMN v1_sweeps.spec_key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.spec_key IS 'Key of the sweep''s grain.';


--
-- Name: COLUMN v1_sweeps.sweep_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.sweep_id IS 'Number of the sweep.';


--
-- Name: COLUMN v1_sweeps.version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_sweeps.version IS 'Number of its last event: grows with each change of the sweep.';


--
-- Name: v1_trials; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_trials AS
 SELECT ('S-'::text || w.sweep) AS sweep,
    ('T-'::text || t.id) AS trial,
    t.model,
    t.task,
    t.seed,
    t.repeat,
    (t.spec -> 'settings'::text) AS parameters,
    r.parameter_count,
    r.parameter_hash,
    t.state,
    r.outcome,
    t.attempts,
    a.worker,
    a.hardware,
    public.number_of(r.metrics, 'loss'::text) AS loss,
    public.number_of(r.metrics, 'accuracy'::text) AS accuracy,
    public.number_of(r.metrics, 'exact_match'::text) AS exact_match,
    public.number_of(r.metrics, 'chance'::text) AS chance,
    public.number_of(r.metrics, 'gap'::text) AS gap,
    public.number_of(r.metrics, 'tokens_per_second'::text) AS tokens_per_second,
    public.number_of(r.metrics, 'tokens_per_cpu_second'::text) AS tokens_per_cpu_second,
    public.number_of(r.metrics, 'step_milliseconds'::text) AS step_milliseconds,
        CASE
            WHEN (a.resumed_step IS NULL) THEN COALESCE(r.cpu_seconds, public.number_of(r.metrics, 'cpu_seconds'::text))
            ELSE NULL::double precision
        END AS cpu_seconds,
    public.number_of(r.metrics, 'peak_memory_bytes'::text) AS peak_memory_bytes,
    public.number_of(r.metrics, 'activation_bytes'::text) AS activation_bytes,
    public.number_of(r.metrics, 'state_bytes'::text) AS state_bytes,
    r.contended,
    COALESCE(r.metrics, '{}'::jsonb) AS metrics,
    t.reason,
    a.step,
    t.steps,
    t.generation,
    a.runtime,
    a.leased_at,
    a.started_at,
    t.ended_at,
    (EXTRACT(epoch FROM (a.ended_at - a.leased_at)))::double precision AS seconds,
    w."position",
    w.cancelled,
    t.identity,
    t.token,
    w.sweep AS sweep_id,
    t.id AS trial_id
   FROM (((public.sweep_trial w
     JOIN public.trial t ON ((t.id = w.trial)))
     LEFT JOIN public.attempt a ON ((a.token = t.token)))
     LEFT JOIN public.result r ON ((r.trial = t.id)));


--
-- Name: VIEW v1_trials; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_trials IS 'A row a trial and sweep that wants it; figures are null where not measured.';


--
-- Name: COLUMN v1_trials.sweep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.sweep IS 'Id of the sweep, S-1.';


--
-- Name: COLUMN v1_trials.trial; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.trial IS 'Id of the trial, T-1.';


--
-- Name: COLUMN v1_trials.model; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.model IS 'Sequence model.';


--
-- Name: COLUMN v1_trials.task; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.task IS 'Sequence task.';


--
-- Name: COLUMN v1_trials.seed; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.seed IS 'Key of every random stream.';


--
-- Name: COLUMN v1_trials.repeat; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.repeat IS 'Block number or memory repeat.';


--
-- Name: COLUMN v1_trials.parameters; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.parameters IS 'Settings by name, defaults filled in.';


--
-- Name: COLUMN v1_trials.parameter_count; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.parameter_count IS 'Number of trained numbers.';


--
-- Name: COLUMN v1_trials.parameter_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.parameter_hash IS 'SHA-256 of the final parameters.';


--
-- Name: COLUMN v1_trials.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.state IS 'State.';


--
-- Name: COLUMN v1_trials.outcome; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.outcome IS 'ok, diverged, oom, early_stopped or censored.';


--
-- Name: COLUMN v1_trials.attempts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.attempts IS 'Attempts so far.';


--
-- Name: COLUMN v1_trials.worker; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.worker IS 'Id of the worker.';


--
-- Name: COLUMN v1_trials.hardware; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.hardware IS 'Short hash of the hardware''s facts.';


--
-- Name: COLUMN v1_trials.loss; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.loss IS 'Held-out cross-entropy in nats.';


--
-- Name: COLUMN v1_trials.accuracy; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.accuracy IS 'Token accuracy on the scored positions.';


--
-- Name: COLUMN v1_trials.exact_match; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.exact_match IS 'Share of sequences without a fault.';


--
-- Name: COLUMN v1_trials.chance; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.chance IS 'The best guess that ignores order.';


--
-- Name: COLUMN v1_trials.gap; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.gap IS '(accuracy - chance) / (1 - chance).';


--
-- Name: COLUMN v1_trials.tokens_per_second; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.tokens_per_second IS 'Processed tokens a wall second, median window.';


--
-- Name: COLUMN v1_trials.tokens_per_cpu_second; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.tokens_per_cpu_second IS 'Processed tokens a CPU second, median window.';


--
-- Name: COLUMN v1_trials.step_milliseconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.step_milliseconds IS 'Median step, wall.';


--
-- Name: COLUMN v1_trials.cpu_seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.cpu_seconds IS 'CPU time of the trainer, start-up included.';


--
-- Name: COLUMN v1_trials.peak_memory_bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.peak_memory_bytes IS 'Peak of the trainer''s resident memory above idle.';


--
-- Name: COLUMN v1_trials.activation_bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.activation_bytes IS 'Held for backward at the end of forward.';


--
-- Name: COLUMN v1_trials.state_bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.state_bytes IS 'Inference state.';


--
-- Name: COLUMN v1_trials.contended; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.contended IS 'Whether the machine was contended.';


--
-- Name: COLUMN v1_trials.metrics; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.metrics IS 'Every final number by name.';


--
-- Name: COLUMN v1_trials.reason; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.reason IS 'Why it failed, is quarantined or waits.';


--
-- Name: COLUMN v1_trials.step; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.step IS 'Steps done.';


--
-- Name: COLUMN v1_trials.steps; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.steps IS 'Steps of the budget.';


--
-- Name: COLUMN v1_trials.generation; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.generation IS 'Raised by a fresh submit and by a retry.';


--
-- Name: COLUMN v1_trials.runtime; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.runtime IS 'Short hash of the runtime''s facts.';


--
-- Name: COLUMN v1_trials.leased_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.leased_at IS 'When the attempt was leased.';


--
-- Name: COLUMN v1_trials.started_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.started_at IS 'When it started.';


--
-- Name: COLUMN v1_trials.ended_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.ended_at IS 'When it ended.';


--
-- Name: COLUMN v1_trials.seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.seconds IS 'From the lease of the attempt to its end.';


--
-- Name: COLUMN v1_trials."position"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials."position" IS 'Place in the sweep''s order, from 0.';


--
-- Name: COLUMN v1_trials.cancelled; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.cancelled IS 'Whether this sweep was cancelled before the trial ended.';


--
-- Name: COLUMN v1_trials.identity; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.identity IS 'Hash of every setting that can move a number.';


--
-- Name: COLUMN v1_trials.token; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.token IS 'Fencing token of the attempt.';


--
-- Name: COLUMN v1_trials.sweep_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.sweep_id IS 'Number of the sweep.';


--
-- Name: COLUMN v1_trials.trial_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_trials.trial_id IS 'Number of the trial.';


--
-- Name: verdict; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.verdict (
    claim_run bigint NOT NULL,
    document text NOT NULL,
    document_hash text NOT NULL,
    judged_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE verdict; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.verdict IS 'What a run of a claim was judged to show: the same results give the same bytes.';


--
-- Name: COLUMN verdict.claim_run; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.verdict.claim_run IS 'The run.';


--
-- Name: COLUMN verdict.document; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.verdict.document IS 'The verdict as canonical JSON.';


--
-- Name: COLUMN verdict.document_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.verdict.document_hash IS 'SHA-256 of the document.';


--
-- Name: COLUMN verdict.judged_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.verdict.judged_at IS 'When it was judged.';


--
-- Name: v1_verdicts; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_verdicts AS
 SELECT r.claim,
    r.profile,
    r.id AS run,
    r.file_hash,
    r.file,
    r.registered_at,
    r.registered_by,
    v.document,
    v.document_hash,
    v.judged_at,
    s.sweeps,
    s.sweep_ids
   FROM ((public.claim_run r
     LEFT JOIN public.verdict v ON ((v.claim_run = r.id)))
     CROSS JOIN LATERAL ( SELECT COALESCE(array_agg(('S-'::text || c.sweep) ORDER BY c.sweep), '{}'::text[]) AS sweeps,
            COALESCE(array_agg(c.sweep ORDER BY c.sweep), '{}'::bigint[]) AS sweep_ids
           FROM public.claim_run_sweep c
          WHERE (c.claim_run = r.id)) s);


--
-- Name: VIEW v1_verdicts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_verdicts IS 'A row a run of a claim, with its verdict once it is judged.';


--
-- Name: COLUMN v1_verdicts.claim; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.claim IS 'Id of the claim.';


--
-- Name: COLUMN v1_verdicts.profile; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.profile IS 'smoke, quick or full.';


--
-- Name: COLUMN v1_verdicts.run; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.run IS 'Number of the run.';


--
-- Name: COLUMN v1_verdicts.file_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.file_hash IS 'SHA-256 of that file.';


--
-- Name: COLUMN v1_verdicts.file; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.file IS 'The claim''s file as it was registered.';


--
-- Name: COLUMN v1_verdicts.registered_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.registered_at IS 'When it was registered.';


--
-- Name: COLUMN v1_verdicts.registered_by; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.registered_by IS 'Who asked.';


--
-- Name: COLUMN v1_verdicts.document; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.document IS 'The verdict as canonical JSON; null while it is not judged.';


--
-- Name: COLUMN v1_verdicts.document_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.document_hash IS 'SHA-256 of the document.';


--
-- Name: COLUMN v1_verdicts.judged_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.judged_at IS 'When it was judged.';


--
-- Name: COLUMN v1_verdicts.sweeps; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.sweeps IS 'Ids of the sweeps that measure for it.';


--
-- Name: COLUMN v1_verdicts.sweep_ids; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_verdicts.sweep_ids IS 'Numbers of the sweeps that measure for it.';


--
-- Name: worker; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.worker (
    id text NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    hardware text NOT NULL,
    runtime text NOT NULL,
    slots integer NOT NULL,
    cores integer NOT NULL,
    memory_bytes bigint NOT NULL,
    data jsonb NOT NULL,
    state text DEFAULT 'ready'::text NOT NULL,
    joined_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT worker_cores_check CHECK ((cores > 0)),
    CONSTRAINT worker_memory_bytes_check CHECK ((memory_bytes >= 0)),
    CONSTRAINT worker_slots_check CHECK ((slots > 0)),
    CONSTRAINT worker_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'draining'::text, 'lost'::text, 'left'::text])))
);


--
-- Name: TABLE worker; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.worker IS 'A program on a host that runs attempts.';


--
-- Name: COLUMN worker.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.id IS 'Chosen by the worker at its start.';


--
-- Name: COLUMN worker.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.name IS 'Name for people.';


--
-- Name: COLUMN worker.host; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.host IS 'The machine.';


--
-- Name: COLUMN worker.hardware; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.hardware IS 'Its hardware.';


--
-- Name: COLUMN worker.runtime; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.runtime IS 'Its runtime.';


--
-- Name: COLUMN worker.slots; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.slots IS 'Attempts that it runs at a time.';


--
-- Name: COLUMN worker.cores; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.cores IS 'Cores that its attempts may use together.';


--
-- Name: COLUMN worker.memory_bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.memory_bytes IS 'Memory that its attempts may use together.';


--
-- Name: COLUMN worker.data; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.data IS 'Data sets that it can read: name to SHA-256.';


--
-- Name: COLUMN worker.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.state IS 'ready; draining; lost: no sign of life; left: it said good-bye.';


--
-- Name: COLUMN worker.joined_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.joined_at IS 'When it last joined.';


--
-- Name: COLUMN worker.seen_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.worker.seen_at IS 'Its last sign of life.';


--
-- Name: v1_workers; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v1_workers AS
 SELECT w.id AS worker,
    w.name,
    w.host,
    w.state,
    w.slots,
    b.busy,
    w.hardware,
    h.facts AS hardware_facts,
    w.runtime,
    r.facts AS runtime_facts,
    w.cores,
    w.memory_bytes,
    w.data,
    w.joined_at,
    w.seen_at
   FROM (((public.worker w
     JOIN public.hardware h ON ((h.id = w.hardware)))
     JOIN public.runtime r ON ((r.id = w.runtime)))
     CROSS JOIN LATERAL ( SELECT (count(*))::integer AS busy
           FROM public.attempt a
          WHERE ((a.worker = w.id) AND (a.state = ANY (ARRAY['leased'::text, 'started'::text])))) b);


--
-- Name: VIEW v1_workers; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v1_workers IS 'A row a worker.';


--
-- Name: COLUMN v1_workers.worker; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.worker IS 'Id of the worker.';


--
-- Name: COLUMN v1_workers.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.name IS 'Name.';


--
-- Name: COLUMN v1_workers.host; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.host IS 'The machine.';


--
-- Name: COLUMN v1_workers.state; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.state IS 'State.';


--
-- Name: COLUMN v1_workers.slots; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.slots IS 'Attempts that it runs at a time.';


--
-- Name: COLUMN v1_workers.busy; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.busy IS 'Attempts that it runs now.';


--
-- Name: COLUMN v1_workers.hardware; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.hardware IS 'Short hash of the hardware''s facts.';


--
-- Name: COLUMN v1_workers.hardware_facts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.hardware_facts IS 'Stable facts of the machine.';


--
-- Name: COLUMN v1_workers.runtime; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.runtime IS 'Short hash of the runtime''s facts.';


--
-- Name: COLUMN v1_workers.runtime_facts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.runtime_facts IS 'Facts of the system.';


--
-- Name: COLUMN v1_workers.cores; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.cores IS 'Cores that its attempts may use together.';


--
-- Name: COLUMN v1_workers.memory_bytes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.memory_bytes IS 'Memory that its attempts may use together.';


--
-- Name: COLUMN v1_workers.data; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.data IS 'Data sets that it can read.';


--
-- Name: COLUMN v1_workers.joined_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.joined_at IS 'When it last joined.';


--
-- Name: COLUMN v1_workers.seen_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.v1_workers.seen_at IS 'Last sign of life.';


--
-- Name: writable_period; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.writable_period (
    id bigint NOT NULL,
    epoch bigint NOT NULL,
    lease_seconds double precision NOT NULL,
    began_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT writable_period_lease_seconds_check CHECK ((lease_seconds > (0)::double precision))
);


--
-- Name: TABLE writable_period; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.writable_period IS 'A row a start of the dispatcher, and one more after each outage and each time that it had been stopped: no lease expires in the first lease time of a period.';


--
-- Name: COLUMN writable_period.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.writable_period.id IS 'Number.';


--
-- Name: COLUMN writable_period.epoch; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.writable_period.epoch IS 'The activation of the dispatcher.';


--
-- Name: COLUMN writable_period.lease_seconds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.writable_period.lease_seconds IS 'Length of a lease in this period.';


--
-- Name: COLUMN writable_period.began_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.writable_period.began_at IS 'From when on it could write.';


--
-- Name: writable_period_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.writable_period ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.writable_period_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: attempt_ancestor attempt_ancestor_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt_ancestor
    ADD CONSTRAINT attempt_ancestor_pkey PRIMARY KEY (token, ancestor);


--
-- Name: attempt attempt_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_pkey PRIMARY KEY (token);


--
-- Name: attempt attempt_trial_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_trial_number_key UNIQUE (trial, number);


--
-- Name: checkpoint checkpoint_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (trial, token, step);


--
-- Name: claim_run claim_run_claim_profile_file_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim_run
    ADD CONSTRAINT claim_run_claim_profile_file_hash_key UNIQUE (claim, profile, file_hash);


--
-- Name: claim_run claim_run_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim_run
    ADD CONSTRAINT claim_run_pkey PRIMARY KEY (id);


--
-- Name: claim_run_sweep claim_run_sweep_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim_run_sweep
    ADD CONSTRAINT claim_run_sweep_pkey PRIMARY KEY (claim_run, sweep);


--
-- Name: dispatcher dispatcher_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dispatcher
    ADD CONSTRAINT dispatcher_pkey PRIMARY KEY (id);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);


--
-- Name: hardware hardware_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.hardware
    ADD CONSTRAINT hardware_pkey PRIMARY KEY (id);


--
-- Name: host host_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.host
    ADD CONSTRAINT host_pkey PRIMARY KEY (id);


--
-- Name: idempotency_key idempotency_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (submitted_by, key);


--
-- Name: log_chunk log_chunk_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.log_chunk
    ADD CONSTRAINT log_chunk_pkey PRIMARY KEY (trial, token, first_line);


--
-- Name: metric_chunk metric_chunk_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metric_chunk
    ADD CONSTRAINT metric_chunk_pkey PRIMARY KEY (trial, token, metric, first_step);


--
-- Name: metric_last metric_last_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metric_last
    ADD CONSTRAINT metric_last_pkey PRIMARY KEY (trial, metric);


--
-- Name: orleans_membership orleans_membership_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orleans_membership
    ADD CONSTRAINT orleans_membership_pkey PRIMARY KEY (deployment_id, address, port, generation);


--
-- Name: orleans_membership_version orleans_membership_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orleans_membership_version
    ADD CONSTRAINT orleans_membership_version_pkey PRIMARY KEY (deployment_id);


--
-- Name: orleansquery orleansquery_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orleansquery
    ADD CONSTRAINT orleansquery_pkey PRIMARY KEY (querykey);


--
-- Name: profile profile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.profile
    ADD CONSTRAINT profile_pkey PRIMARY KEY (trial, token, name, axis);


--
-- Name: result result_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.result
    ADD CONSTRAINT result_pkey PRIMARY KEY (trial);


--
-- Name: result result_token_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.result
    ADD CONSTRAINT result_token_key UNIQUE (token);


--
-- Name: retried_trial retried_trial_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.retried_trial
    ADD CONSTRAINT retried_trial_pkey PRIMARY KEY (sweep, trial);


--
-- Name: runtime runtime_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runtime
    ADD CONSTRAINT runtime_pkey PRIMARY KEY (id);


--
-- Name: schema_version schema_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (script);


--
-- Name: sweep sweep_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sweep
    ADD CONSTRAINT sweep_pkey PRIMARY KEY (id);


--
-- Name: sweep sweep_spec_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sweep
    ADD CONSTRAINT sweep_spec_key_key UNIQUE (spec_key);


--
-- Name: sweep_trial sweep_trial_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sweep_trial
    ADD CONSTRAINT sweep_trial_pkey PRIMARY KEY (sweep, trial);


--
-- Name: sweep_trial sweep_trial_sweep_position_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sweep_trial
    ADD CONSTRAINT sweep_trial_sweep_position_key UNIQUE (sweep, "position");


--
-- Name: trial trial_identity_generation_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.trial
    ADD CONSTRAINT trial_identity_generation_key UNIQUE (identity, generation);


--
-- Name: trial trial_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.trial
    ADD CONSTRAINT trial_pkey PRIMARY KEY (id);


--
-- Name: verdict verdict_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verdict
    ADD CONSTRAINT verdict_pkey PRIMARY KEY (claim_run);


--
-- Name: worker worker_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (id);


--
-- Name: writable_period writable_period_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.writable_period
    ADD CONSTRAINT writable_period_pkey PRIMARY KEY (id);


--
-- Name: attempt_ancestor_trial; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attempt_ancestor_trial ON public.attempt_ancestor USING btree (trial);


--
-- Name: attempt_live; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX attempt_live ON public.attempt USING btree (trial) WHERE (state = ANY (ARRAY['leased'::text, 'started'::text]));


--
-- Name: attempt_worker; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attempt_worker ON public.attempt USING btree (worker) WHERE (state = ANY (ARRAY['leased'::text, 'started'::text]));


--
-- Name: checkpoint_hash; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX checkpoint_hash ON public.checkpoint USING btree (hash);


--
-- Name: event_cursor; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_cursor ON public.event USING btree (xact, id);


--
-- Name: event_removed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_removed ON public.event USING btree (at) WHERE (kind = 'removed'::text);


--
-- Name: event_sweep; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX event_sweep ON public.event USING btree (sweep, sequence) WHERE (sweep IS NOT NULL);


--
-- Name: event_trial; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX event_trial ON public.event USING btree (trial, sequence) WHERE (trial IS NOT NULL);


--
-- Name: idempotency_key_sweep; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_key_sweep ON public.idempotency_key USING btree (sweep);


--
-- Name: retried_trial_again; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX retried_trial_again ON public.retried_trial USING btree (again);


--
-- Name: retried_trial_trial; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX retried_trial_trial ON public.retried_trial USING btree (trial);


--
-- Name: sweep_live; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sweep_live ON public.sweep USING btree (id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text, 'pausing'::text, 'paused'::text, 'cancelling'::text]));


--
-- Name: sweep_trial_trial; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sweep_trial_trial ON public.sweep_trial USING btree (trial);


--
-- Name: trial_not_before; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX trial_not_before ON public.trial USING btree (not_before) WHERE (not_before IS NOT NULL);


--
-- Name: INDEX trial_not_before; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON INDEX public.trial_not_before IS 'Ends of waits between two tries.';


--
-- Name: worker_here; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX worker_here ON public.worker USING btree (id) WHERE (state = ANY (ARRAY['ready'::text, 'draining'::text]));


--
-- Name: writable_period_began; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX writable_period_began ON public.writable_period USING btree (began_at);


--
-- Name: attempt_ancestor attempt_ancestor_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt_ancestor
    ADD CONSTRAINT attempt_ancestor_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: attempt attempt_hardware_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_hardware_fkey FOREIGN KEY (hardware) REFERENCES public.hardware(id);


--
-- Name: attempt attempt_runtime_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_runtime_fkey FOREIGN KEY (runtime) REFERENCES public.runtime(id);


--
-- Name: attempt attempt_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: attempt attempt_worker_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_worker_fkey FOREIGN KEY (worker) REFERENCES public.worker(id);


--
-- Name: checkpoint checkpoint_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.checkpoint
    ADD CONSTRAINT checkpoint_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: claim_run_sweep claim_run_sweep_claim_run_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim_run_sweep
    ADD CONSTRAINT claim_run_sweep_claim_run_fkey FOREIGN KEY (claim_run) REFERENCES public.claim_run(id);


--
-- Name: claim_run_sweep claim_run_sweep_sweep_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim_run_sweep
    ADD CONSTRAINT claim_run_sweep_sweep_fkey FOREIGN KEY (sweep) REFERENCES public.sweep(id);


--
-- Name: host host_hardware_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.host
    ADD CONSTRAINT host_hardware_fkey FOREIGN KEY (hardware) REFERENCES public.hardware(id);


--
-- Name: idempotency_key idempotency_key_sweep_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_sweep_fkey FOREIGN KEY (sweep) REFERENCES public.sweep(id);


--
-- Name: log_chunk log_chunk_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.log_chunk
    ADD CONSTRAINT log_chunk_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: metric_chunk metric_chunk_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metric_chunk
    ADD CONSTRAINT metric_chunk_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: metric_last metric_last_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metric_last
    ADD CONSTRAINT metric_last_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: orleans_membership orleans_membership_deployment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orleans_membership
    ADD CONSTRAINT orleans_membership_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES public.orleans_membership_version(deployment_id);


--
-- Name: profile profile_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.profile
    ADD CONSTRAINT profile_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: result result_token_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.result
    ADD CONSTRAINT result_token_fkey FOREIGN KEY (token) REFERENCES public.attempt(token);


--
-- Name: result result_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.result
    ADD CONSTRAINT result_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: retried_trial retried_trial_again_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.retried_trial
    ADD CONSTRAINT retried_trial_again_fkey FOREIGN KEY (again) REFERENCES public.trial(id);


--
-- Name: retried_trial retried_trial_sweep_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.retried_trial
    ADD CONSTRAINT retried_trial_sweep_fkey FOREIGN KEY (sweep) REFERENCES public.sweep(id);


--
-- Name: retried_trial retried_trial_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.retried_trial
    ADD CONSTRAINT retried_trial_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: sweep sweep_claim_run_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sweep
    ADD CONSTRAINT sweep_claim_run_fkey FOREIGN KEY (claim_run) REFERENCES public.claim_run(id);


--
-- Name: sweep_trial sweep_trial_sweep_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sweep_trial
    ADD CONSTRAINT sweep_trial_sweep_fkey FOREIGN KEY (sweep) REFERENCES public.sweep(id);


--
-- Name: sweep_trial sweep_trial_trial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sweep_trial
    ADD CONSTRAINT sweep_trial_trial_fkey FOREIGN KEY (trial) REFERENCES public.trial(id);


--
-- Name: verdict verdict_claim_run_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verdict
    ADD CONSTRAINT verdict_claim_run_fkey FOREIGN KEY (claim_run) REFERENCES public.claim_run(id);


--
-- Name: worker worker_hardware_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.worker
    ADD CONSTRAINT worker_hardware_fkey FOREIGN KEY (hardware) REFERENCES public.hardware(id);


--
-- Name: worker worker_host_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.worker
    ADD CONSTRAINT worker_host_fkey FOREIGN KEY (host) REFERENCES public.host(id);


--
-- Name: worker worker_runtime_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.worker
    ADD CONSTRAINT worker_runtime_fkey FOREIGN KEY (runtime) REFERENCES public.runtime(id);


--
-- PostgreSQL database dump complete
--

\unrestrict SJbBqLFO4hNgtufo1IlGvHUkOHkwudfXT2LaX04a4kFTdJYdwvAaZtYFYsQ5GAZ

--
-- PostgreSQL database dump
--

\restrict 4dFsEjF0gQY1f5XZYDQDIHS4aTvKMe7m8mVsBCE2NPA1DQ240c9LU3Qq0SsWZp4

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Data for Name: dispatcher; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.dispatcher VALUES (0, 0, '2026-11-26 17:32:18.836552+00');


--
-- Data for Name: orleansquery; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.orleansquery VALUES ('GatewaysQueryKey', '
    select address, proxy_port as proxyport, generation
    from orleans_membership
    where deployment_id = @DeploymentId and status = @Status and proxy_port > 0
');
INSERT INTO public.orleansquery VALUES ('MembershipReadRowKey', '
    select v.deployment_id as deploymentid, m.address, m.port, m.generation, m.silo_name as siloname,
        m.host_name as hostname, m.status, m.proxy_port as proxyport, m.suspect_times as suspecttimes,
        m.start_time as starttime, m.alive_at as iamalivetime, v.version
    from orleans_membership_version v
    left join orleans_membership m on m.deployment_id = v.deployment_id
        and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.deployment_id = @DeploymentId
');
INSERT INTO public.orleansquery VALUES ('MembershipReadAllKey', '
    select v.deployment_id as deploymentid, m.address, m.port, m.generation, m.silo_name as siloname,
        m.host_name as hostname, m.status, m.proxy_port as proxyport, m.suspect_times as suspecttimes,
        m.start_time as starttime, m.alive_at as iamalivetime, v.version
    from orleans_membership_version v
    left join orleans_membership m on m.deployment_id = v.deployment_id
    where v.deployment_id = @DeploymentId
');
INSERT INTO public.orleansquery VALUES ('InsertMembershipVersionKey', '
    with created as (
        insert into orleans_membership_version (deployment_id) values (@DeploymentId)
        on conflict do nothing
        returning 1)
    select exists (select from created)
');
INSERT INTO public.orleansquery VALUES ('InsertMembershipKey', '
    with raised as (
        update orleans_membership_version set version = version + 1, changed_at = clock_timestamp()
        where deployment_id = @DeploymentId and version = @Version
            and not exists (
                select from orleans_membership m
                where m.deployment_id = @DeploymentId and m.address = @Address
                    and m.port = @Port and m.generation = @Generation)
        returning deployment_id),
    created as (
        insert into orleans_membership (
            deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_at)
        select deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
            @StartTime, @IAmAliveTime
        from raised
        returning 1)
    select exists (select from created)
');
INSERT INTO public.orleansquery VALUES ('UpdateMembershipKey', '
    with raised as (
        update orleans_membership_version set version = version + 1, changed_at = clock_timestamp()
        where deployment_id = @DeploymentId and version = @Version
            and exists (
                select from orleans_membership m
                where m.deployment_id = @DeploymentId and m.address = @Address
                    and m.port = @Port and m.generation = @Generation)
        returning deployment_id),
    changed as (
        update orleans_membership m
        set status = @Status, suspect_times = @SuspectTimes, alive_at = greatest(m.alive_at, @IAmAliveTime)
        from raised
        where m.deployment_id = raised.deployment_id and m.address = @Address
            and m.port = @Port and m.generation = @Generation
        returning 1)
    select exists (select from changed)
');
INSERT INTO public.orleansquery VALUES ('UpdateIAmAlivetimeKey', '
    update orleans_membership set alive_at = greatest(alive_at, @IAmAliveTime)
    where deployment_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
');
INSERT INTO public.orleansquery VALUES ('DeleteMembershipTableEntriesKey', '
    with gone as (delete from orleans_membership where deployment_id = @DeploymentId)
    delete from orleans_membership_version where deployment_id = @DeploymentId
');
INSERT INTO public.orleansquery VALUES ('CleanupDefunctSiloEntriesKey', '
    delete from orleans_membership
    where deployment_id = @DeploymentId and status = 6
        and alive_at < @IAmAliveTime and start_time < @IAmAliveTime
        and coalesce(suspect_times, '''') = ''''
');
INSERT INTO public.orleansquery VALUES ('CleanupDefunctSiloEntryKey', '
    delete from orleans_membership
    where deployment_id = @DeploymentId and status = 6
        and address = @Address and port = @Port and generation = @Generation
        and alive_at = @IAmAliveTime and start_time = @StartTime
        and coalesce(suspect_times, '''') = coalesce(@SuspectTimes, '''')
');


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_version VALUES ('0001_sweep_and_trial.sql', '13fe0a613b7b6649c4e2fdb2fbc28705bb5fd116311055197459e88ef4e42977', '2026-11-26 17:32:18.820668+00');
INSERT INTO public.schema_version VALUES ('0002_worker_and_attempt.sql', '4f0375b4caa6269f5b14653c7b4d7e5c0b768cbabd8b5a5fb2a7c6e8d6ca1b42', '2026-11-26 17:32:18.850731+00');
INSERT INTO public.schema_version VALUES ('0003_measurement.sql', 'aea97a2c01d3c6f3373f65d82b80f32d4215ae591722ff2f47a88b6fdaa8a5bc', '2026-11-26 17:32:18.888415+00');
INSERT INTO public.schema_version VALUES ('0004_membership.sql', '75996e6c70a4dd2ac486448695bcbcb75fa6db12df09b75d2774becf44da94a7', '2026-11-26 17:32:18.898835+00');
INSERT INTO public.schema_version VALUES ('0005_view.sql', 'e2de322cc314a081aabb267d85807802dd96e09417bf2771ecd21874041acaa8', '2026-11-26 17:32:18.919295+00');
INSERT INTO public.schema_version VALUES ('0006_view_comment.sql', 'acf208606066e67b358b685495e590fdb27df7201db93f4053ba2ee55f7bd2ba', '2026-11-26 17:32:18.928508+00');
INSERT INTO public.schema_version VALUES ('0007_operations.sql', '4472fb26605e2a0176d25a1d62d2fad0d5da80197588891879c01b88ce2764d4', '2026-11-26 17:32:18.938942+00');
INSERT INTO public.schema_version VALUES ('0009_writable_period.sql', 'f9f0b89619c85b3ee7a7100e4d83ed162a5968a18bed9e5f82b384faa237ad71', '2026-11-26 17:32:18.943363+00');
INSERT INTO public.schema_version VALUES ('0010_hot_update.sql', '6e77d0713b81243307bdec81058926eaec0daaa2fd86f02f92bf179c1bf4b24f', '2026-11-26 17:32:18.946564+00');
INSERT INTO public.schema_version VALUES ('0012_retention.sql', '23abfaf4e4223a4c327c799dcbd3649414a2c26870b697b63c2e033f6a619e84', '2026-11-26 17:32:18.969035+00');
INSERT INTO public.schema_version VALUES ('0015_wait.sql', '32507225b3e1d56b8e7e3e1b68b6d322871026073163304d06811e7d17ead679', '2026-11-26 17:32:18.971394+00');
INSERT INTO public.schema_version VALUES ('0016_checkpoint.sql', 'f3054740eaaf4a9af82343ba9f901a492d67562628e4e39c7aae27c817a76070', '2026-11-26 17:32:18.988339+00');
INSERT INTO public.schema_version VALUES ('0017_restored.sql', 'f1ea45abe0d62fa16cbcdac47c1463280cf630441a86a92b0cf6ead86cb319ff', '2026-11-26 17:32:18.989824+00');


--
-- PostgreSQL database dump complete
--

\unrestrict 4dFsEjF0gQY1f5XZYDQDIHS4aTvKMe7m8mVsBCE2NPA1DQ240c9LU3Qq0SsWZp4

