-- Rights of the two roles that programs use. Runs after the migrations: rights are what this file says.
-- Roles belong to the server and not to a database, so that another database may just have created them.
do $$
declare
    role text;
begin
    foreach role in array array['harness_silo', 'harness_read'] loop
        begin
            execute format('create role %I', role);
        exception when duplicate_object or unique_violation then
            null;
        end;
    end loop;
    execute format('alter role harness_silo login password %L', current_setting('harness.silo_password'));
    execute format('alter role harness_read login password %L', current_setting('harness.read_password'));
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to harness_silo, harness_read', current_database());
end
$$;
alter role harness_read set default_transaction_read_only = on;
alter role harness_read set statement_timeout = '5s';
-- A silo that hangs in a transaction must not hold its locks for ever.
alter role harness_silo set idle_in_transaction_session_timeout = '30s';
-- The number of rows in a batch must not choose its plan: for a large one the planner would read whole tables.
alter role harness_silo set plan_cache_mode = force_generic_plan;

revoke all on schema public from public;
revoke all on all tables in schema public from harness_silo, harness_read;
grant usage on schema public to harness_silo, harness_read;
grant select, insert, update, delete on all tables in schema public to harness_silo;
grant usage on all sequences in schema public to harness_silo;
grant execute on all functions in schema public to harness_silo, harness_read;

-- History is added to, never changed; the list of migrations and the cluster's statements are the owner's.
revoke update, delete on event from harness_silo;
revoke insert, update, delete on schema_version, orleansquery from harness_silo;
-- It runs with the owner's rights.
revoke execute on function forget_removed from public, harness_read;

do $$
declare
    view regclass;
begin
    for view in
        select oid from pg_class
        where relkind = 'v' and relname like 'v1\_%' and relnamespace = 'public'::regnamespace
    loop
        execute format('grant select on %s to harness_read', view);
    end loop;
end
$$;
-- An Orleans client finds the silos' gateways in the membership.
grant select on orleansquery, orleans_membership, orleans_membership_version to harness_read;
