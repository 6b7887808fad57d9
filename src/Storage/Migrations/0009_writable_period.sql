-- When the dispatcher could write: what R9 (an outage burns no attempt) is checked against.

create table writable_period (
    id            bigint           primary key generated always as identity,
    epoch         bigint           not null,
    lease_seconds double precision not null check (lease_seconds > 0),
    began_at      timestamptz      not null default clock_timestamp()
);
create index writable_period_began on writable_period (began_at);
comment on table writable_period is 'A row a start of the dispatcher, and one more after each outage and each time that it had been stopped: no lease expires in the first lease time of a period.';
comment on column writable_period.id is 'Number.';
comment on column writable_period.epoch is 'The activation of the dispatcher.';
comment on column writable_period.lease_seconds is 'Length of a lease in this period.';
comment on column writable_period.began_at is 'From when on it could write.';
