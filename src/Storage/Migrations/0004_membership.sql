-- Orleans' cluster membership, to the contract of its AdoNet clustering provider: it reads orleansquery (QueryKey,
-- QueryText), adds its own @parameters and reads result columns by name. Tables and queries are ours.
-- A write that must be atomic is one statement: the version row is taken first, and nothing follows if it moved.

create table orleans_membership_version (
    deployment_id text        primary key,
    version       int         not null default 0,
    changed_at    timestamptz not null default clock_timestamp()
);
comment on table orleans_membership_version is 'One row a cluster: version of its membership.';
comment on column orleans_membership_version.deployment_id is 'Cluster id.';
comment on column orleans_membership_version.version is 'Raised by each change of membership.';
comment on column orleans_membership_version.changed_at is 'When it was last raised.';

create table orleans_membership (
    deployment_id text        not null references orleans_membership_version,
    address       text        not null,
    port          int         not null,
    generation    int         not null,
    silo_name     text        not null,
    host_name     text        not null,
    status        int         not null,
    proxy_port    int,
    suspect_times text,
    start_time    timestamptz not null,
    alive_at      timestamptz not null,
    primary key (deployment_id, address, port, generation)
);
comment on table orleans_membership is 'One row an instance of a silo.';
comment on column orleans_membership.deployment_id is 'Cluster id.';
comment on column orleans_membership.address is 'IP address.';
comment on column orleans_membership.port is 'Port of the silo.';
comment on column orleans_membership.generation is 'Start of the instance, as Orleans counts it.';
comment on column orleans_membership.silo_name is 'Name.';
comment on column orleans_membership.host_name is 'Host name.';
comment on column orleans_membership.status is '1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead.';
comment on column orleans_membership.proxy_port is 'Port of its gateway, or 0.';
comment on column orleans_membership.suspect_times is 'Who suspected it and when.';
comment on column orleans_membership.start_time is 'When it started.';
comment on column orleans_membership.alive_at is 'When it last said that it lives.';

create table orleansquery (
    querykey  text primary key,
    querytext text not null
);
comment on table orleansquery is 'The statements that Orleans'' provider runs.';
comment on column orleansquery.querykey is 'Key that the provider looks up.';
comment on column orleansquery.querytext is 'Statement with the provider''s parameters.';

insert into orleansquery (querykey, querytext) values
('GatewaysQueryKey', $$
    select address, proxy_port as proxyport, generation
    from orleans_membership
    where deployment_id = @DeploymentId and status = @Status and proxy_port > 0
$$),
('MembershipReadRowKey', $$
    select v.deployment_id as deploymentid, m.address, m.port, m.generation, m.silo_name as siloname,
        m.host_name as hostname, m.status, m.proxy_port as proxyport, m.suspect_times as suspecttimes,
        m.start_time as starttime, m.alive_at as iamalivetime, v.version
    from orleans_membership_version v
    left join orleans_membership m on m.deployment_id = v.deployment_id
        and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.deployment_id = @DeploymentId
$$),
('MembershipReadAllKey', $$
    select v.deployment_id as deploymentid, m.address, m.port, m.generation, m.silo_name as siloname,
        m.host_name as hostname, m.status, m.proxy_port as proxyport, m.suspect_times as suspecttimes,
        m.start_time as starttime, m.alive_at as iamalivetime, v.version
    from orleans_membership_version v
    left join orleans_membership m on m.deployment_id = v.deployment_id
    where v.deployment_id = @DeploymentId
$$),
('InsertMembershipVersionKey', $$
    with created as (
        insert into orleans_membership_version (deployment_id) values (@DeploymentId)
        on conflict do nothing
        returning 1)
    select exists (select from created)
$$),
('InsertMembershipKey', $$
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
$$),
('UpdateMembershipKey', $$
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
$$),
('UpdateIAmAlivetimeKey', $$
    update orleans_membership set alive_at = greatest(alive_at, @IAmAliveTime)
    where deployment_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$$),
('DeleteMembershipTableEntriesKey', $$
    with gone as (delete from orleans_membership where deployment_id = @DeploymentId)
    delete from orleans_membership_version where deployment_id = @DeploymentId
$$),
('CleanupDefunctSiloEntriesKey', $$
    delete from orleans_membership
    where deployment_id = @DeploymentId and status = 6
        and alive_at < @IAmAliveTime and start_time < @IAmAliveTime
        and coalesce(suspect_times, '') = ''
$$),
('CleanupDefunctSiloEntryKey', $$
    delete from orleans_membership
    where deployment_id = @DeploymentId and status = 6
        and address = @Address and port = @Port and generation = @Generation
        and alive_at = @IAmAliveTime and start_time = @StartTime
        and coalesce(suspect_times, '') = coalesce(@SuspectTimes, '')
$$);
