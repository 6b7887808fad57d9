-- Who waits between two tries is found by the index of the ends of waits alone, so nothing else may stand in it.

update trial set not_before = null where not_before is not null and state <> 'retry_wait';
alter table trial add check (not_before is null or state = 'retry_wait');
