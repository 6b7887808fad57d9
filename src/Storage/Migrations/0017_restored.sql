-- A sweep that was removed may be read back from its archive: its history goes on.

comment on column event.kind is 'Of a trial: submitted, leased, started, completed, failed (its job), crashed (its process), expired, drained, cancelled, fenced, ready, removed, restored. Of a sweep: submitted, started, pausing, paused, resumed, cancelling, retried, set, ended, removed, restored.';
