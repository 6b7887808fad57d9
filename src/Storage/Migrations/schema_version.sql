-- Which migrations this database has. Outside the numbered ones, since they are recorded in it.
create table if not exists schema_version (
    script     text        primary key,
    hash       text        not null,
    applied_at timestamptz not null default clock_timestamp()
);
comment on table schema_version is 'Migrations that this database has.';
comment on column schema_version.script is 'File name; the order of names is the order of migrations.';
comment on column schema_version.hash is 'SHA-256 of the file as it was applied.';
comment on column schema_version.applied_at is 'When it was applied.';
