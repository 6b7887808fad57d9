-- What the public views show. A column of one name means the same in every view, unless it is named with its view.

comment on view v1_sweeps is 'A row a sweep.';
comment on view v1_sweep_ids is 'A row a sweep, without what must be counted.';
comment on view v1_trials is 'A row a trial and sweep that wants it; figures are null where not measured.';
comment on view v1_attempts is 'A row a leased execution, also of those that were lost or refused.';
comment on view v1_events is 'The append-only history: a row is of a trial or of a sweep.';
comment on view v1_metrics is 'A row a point of a curve.';
comment on view v1_metric_last is 'A row a curve: its newest point.';
comment on view v1_profiles is 'A row a point of a profile.';
comment on view v1_accuracy is 'A row a point of the accuracy by lag, length or position.';
comment on view v1_logs is 'A row a line that the trainer logged.';
comment on view v1_workers is 'A row a worker.';
comment on view v1_verdicts is 'A row a run of a claim, with its verdict once it is judged.';

do $$
declare
    words jsonb := '{
        "accuracy": "Token accuracy on the scored positions.",
        "activation_bytes": "Held for backward at the end of forward.",
        "at": "When it happened, on the database''s clock.",
        "attempts": "Attempts so far.",
        "axis": "Name of the axis: lag, length, position, window.",
        "busy": "Attempts that it runs now.",
        "cancelled": "Whether this sweep was cancelled before the trial ended.",
        "chance": "The best guess that ignores order.",
        "claim": "Id of the claim.",
        "claim_run": "The run of a claim that made it.",
        "contended": "Whether the machine was contended.",
        "cores": "Cores that its attempts may use together.",
        "cpu_seconds": "CPU time of the trainer, start-up included.",
        "data": "Data sets that it can read.",
        "description": "From the file.",
        "detail": "Reason.",
        "document": "The verdict as canonical JSON; null while it is not judged.",
        "document_hash": "SHA-256 of the document.",
        "ended_at": "When it ended.",
        "event_id": "Number of the event; not the order of commit.",
        "exact_match": "Share of sequences without a fault.",
        "failure": "Why it failed: job, crash, protocol, start, data, disk_full.",
        "file": "The claim''s file as it was registered.",
        "file_hash": "SHA-256 of that file.",
        "first_step": "First step of the stored chunk.",
        "from_state": "State before.",
        "gap": "(accuracy - chance) / (1 - chance).",
        "generation": "Raised by a fresh submit and by a retry.",
        "hardware": "Short hash of the hardware''s facts.",
        "hardware_facts": "Stable facts of the machine.",
        "host": "The machine.",
        "identity": "Hash of every setting that can move a number.",
        "joined_at": "When it last joined.",
        "judged_at": "When it was judged.",
        "kind": "What happened.",
        "lease_until": "End of its lease unless a heartbeat moves it.",
        "leased_at": "When the attempt was leased.",
        "line": "Number of the line, from 0.",
        "loss": "Held-out cross-entropy in nats.",
        "max_concurrent_trials": "Trials of the sweep that may run at a time.",
        "max_crashes": "Counted infrastructure failures before quarantine.",
        "max_retries": "Counted job failures that are tried again.",
        "memory_bytes": "Memory that its attempts may use together.",
        "message": "One sentence, and the last lines of its log.",
        "metric": "Name from the metric catalogue.",
        "metrics": "Every final number by name.",
        "model": "Sequence model.",
        "name": "Name.",
        "number": "1 for the trial''s first attempt.",
        "observation": "What it reported as its result, also when that was refused.",
        "outcome": "ok, diverged, oom, early_stopped or censored.",
        "parameter_count": "Number of trained numbers.",
        "parameter_hash": "SHA-256 of the final parameters.",
        "parameters": "Settings by name, defaults filled in.",
        "peak_memory_bytes": "Peak of the trainer''s resident memory above idle.",
        "place": "Place of the point in the profile, from 1.",
        "position": "Place in the sweep''s order, from 0.",
        "priority": "Higher first.",
        "profile": "smoke, quick or full.",
        "reason": "Why it failed, is quarantined or waits.",
        "received_at": "When the database received it.",
        "registered_at": "When it was registered.",
        "registered_by": "Who asked.",
        "repeat": "Block number or memory repeat.",
        "run": "Number of the run.",
        "running_share": "Steps done by running trials: 1.5 = one and a half trials.",
        "runtime": "Short hash of the runtime''s facts.",
        "runtime_facts": "Facts of the system.",
        "samples": "Observations behind the value.",
        "seconds": "The trainer''s monotonic clock, since its start.",
        "seed": "Key of every random stream.",
        "seen_at": "Last sign of life.",
        "sequence": "Dense number within the trial or the sweep, from 1.",
        "settled": "Whether no event that commits later can come before it.",
        "slots": "Attempts that it runs at a time.",
        "source": "The file as it was submitted.",
        "spec": "The resolved spec as canonical JSON.",
        "spec_hash": "SHA-256 of the resolved spec.",
        "spec_key": "Key of the sweep''s grain.",
        "started_at": "When it started.",
        "state": "State.",
        "state_bytes": "Inference state.",
        "states": "Number of trials by state.",
        "step": "Steps done.",
        "step_milliseconds": "Median step, wall.",
        "steps": "Steps of the budget.",
        "submitted_at": "When it was submitted.",
        "submitted_by": "Who submitted it.",
        "sweep": "Id of the sweep, S-1.",
        "sweep_id": "Number of the sweep.",
        "sweep_ids": "Numbers of the sweeps that measure for it.",
        "sweeps": "Ids of the sweeps that measure for it.",
        "task": "Sequence task.",
        "text": "The line.",
        "to_state": "State after.",
        "token": "Fencing token of the attempt.",
        "tokens_per_cpu_second": "Processed tokens a CPU second, median window.",
        "tokens_per_second": "Processed tokens a wall second, median window.",
        "trial": "Id of the trial, T-1.",
        "trial_count": "Number of trials.",
        "trial_id": "Number of the trial.",
        "value": "Value.",
        "worker": "Id of the worker.",
        "xact": "Writing transaction.",
        "v1_accuracy.value": "Point of the axis.",
        "v1_profiles.at": "Point of the axis.",
        "v1_profiles.name": "e.g. accuracy, gradient_norm, throughput_windows.",
        "v1_trials.seconds": "From the lease of the attempt to its end."
    }';
    shown record;
begin
    for shown in
        select c.relname, a.attname
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        where c.relkind = 'v' and c.relname like 'v1\_%' and c.relnamespace = 'public'::regnamespace
    loop
        execute format('comment on column %I.%I is %L', shown.relname, shown.attname,
            coalesce(words ->> (shown.relname || '.' || shown.attname), words ->> shown.attname));
    end loop;
end
$$;
