-- What attempts measure. Each row bears its attempt, and readers take the rows of the trial's current one.

create table metric_chunk (
    trial       bigint             not null references trial,
    token       bigint             not null references attempt,
    metric      text               not null,
    first_step  int                not null,
    steps       int[]              not null,
    values      double precision[] not null,
    seconds     real[]             not null,
    received_at timestamptz        not null default clock_timestamp(),
    primary key (trial, token, metric, first_step),
    check (cardinality(steps) between 1 and 256),
    check (cardinality(values) = cardinality(steps) and cardinality(seconds) = cardinality(steps))
);
comment on table metric_chunk is 'Up to 256 points of a curve in a row: a fifth of the bytes of a row a point.';
comment on column metric_chunk.trial is 'The trial.';
comment on column metric_chunk.token is 'The attempt.';
comment on column metric_chunk.metric is 'Name from the metric catalogue.';
comment on column metric_chunk.first_step is 'First of the steps.';
comment on column metric_chunk.steps is 'Rising steps.';
comment on column metric_chunk.values is 'One value a step; NaN and infinities are kept.';
comment on column metric_chunk.seconds is 'The trainer''s monotonic clock, since its start.';
comment on column metric_chunk.received_at is 'When the database received it.';

create table metric_last (
    trial  bigint           not null references trial,
    metric text             not null,
    token  bigint           not null references attempt,
    step   int              not null,
    value  double precision not null,
    primary key (trial, metric)
);
comment on table metric_last is 'The newest point of each curve, of the newest attempt that has one.';
comment on column metric_last.trial is 'The trial.';
comment on column metric_last.metric is 'Name from the metric catalogue.';
comment on column metric_last.token is 'The attempt.';
comment on column metric_last.step is 'Step.';
comment on column metric_last.value is 'Value.';

create table profile (
    trial       bigint             not null references trial,
    token       bigint             not null references attempt,
    name        text               not null,
    axis        text               not null,
    at          double precision[] not null,
    values      double precision[] not null,
    samples     bigint[],
    received_at timestamptz        not null default clock_timestamp(),
    primary key (trial, token, name, axis),
    check (cardinality(values) = cardinality(at) and (samples is null or cardinality(samples) = cardinality(at)))
);
comment on table profile is 'A measured curve with a named axis.';
comment on column profile.trial is 'The trial.';
comment on column profile.token is 'The attempt.';
comment on column profile.name is 'e.g. accuracy, gradient_norm, throughput_windows.';
comment on column profile.axis is 'e.g. lag, length, position, window.';
comment on column profile.at is 'Points of the axis.';
comment on column profile.values is 'One value a point.';
comment on column profile.samples is 'Observations behind each value; null for single readings.';
comment on column profile.received_at is 'When the database received it.';

create table log_chunk (
    trial       bigint      not null references trial,
    token       bigint      not null references attempt,
    first_line  int         not null,
    lines       text[]      not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (trial, token, first_line)
);
comment on table log_chunk is 'Lines that a trainer wrote to its standard error.';
comment on column log_chunk.trial is 'The trial.';
comment on column log_chunk.token is 'The attempt.';
comment on column log_chunk.first_line is 'Number of the first line, from 0.';
comment on column log_chunk.lines is 'The lines, in order.';
comment on column log_chunk.received_at is 'When the database received it.';

create table claim_run (
    id            bigint      primary key generated always as identity,
    claim         text        not null,
    profile       text        not null,
    file_hash     text        not null,
    file          text        not null,
    registered_at timestamptz not null default clock_timestamp(),
    registered_by text        not null,
    unique (claim, profile, file_hash)
);
comment on table claim_run is 'A claim as it was registered, before any of its trials was leased.';
comment on column claim_run.id is 'Number.';
comment on column claim_run.claim is 'Id of the claim.';
comment on column claim_run.profile is 'smoke, quick or full.';
comment on column claim_run.file_hash is 'SHA-256 of the claim''s file.';
comment on column claim_run.file is 'The claim''s file as it was.';
comment on column claim_run.registered_at is 'When it was registered.';
comment on column claim_run.registered_by is 'Who asked.';

alter table sweep add foreign key (claim_run) references claim_run;

create table claim_run_sweep (
    claim_run bigint not null references claim_run,
    sweep     bigint not null references sweep,
    primary key (claim_run, sweep)
);
comment on table claim_run_sweep is 'Sweeps that measure for a run of a claim.';
comment on column claim_run_sweep.claim_run is 'The run.';
comment on column claim_run_sweep.sweep is 'The sweep.';

create table verdict (
    claim_run     bigint      primary key references claim_run,
    document      text        not null,
    document_hash text        not null,
    judged_at     timestamptz not null default clock_timestamp()
);
comment on table verdict is 'What a run of a claim was judged to show: the same results give the same bytes.';
comment on column verdict.claim_run is 'The run.';
comment on column verdict.document is 'The verdict as canonical JSON.';
comment on column verdict.document_hash is 'SHA-256 of the document.';
comment on column verdict.judged_at is 'When it was judged.';
