-- A change of state must not touch the indexes of a trial: a row whose indexed columns stay as they are is changed in
-- its page alone. Indexes whose condition names the state are gone; what they answered is found by the row's key, or by
-- the few attempts that live.

drop index trial_open;
drop index trial_retry_wait;
create index trial_not_before on trial (not_before) where not_before is not null;
comment on index trial_not_before is 'Ends of waits between two tries.';

-- Every heartbeat moves the end of a lease. Live attempts are as many as there are slots; they are looked through.
drop index attempt_lease;

-- As before, in a language that keeps its plan from one statement to the next. Volatile, so that a guarded update which
-- had to wait for a row looks again and sees what was committed meanwhile.
create or replace function trial_is_wanted(wanted bigint) returns boolean volatile language plpgsql as $$
begin
    return exists (
        select from sweep_trial s
        join sweep on sweep.id = s.sweep
        where s.trial = wanted and not s.cancelled and not s.skipped
            and sweep.state in ('queued', 'running', 'pausing', 'paused'));
end
$$;
