using Harness.Domain.Workers;
using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <content>One commit: what workers said, and the leases that they get.</content>
internal sealed partial class Dispatcher
{
    private async Task WriteAsync(List<HeldSync> syncs, CancellationToken cancellation)
    {
        var known = new List<HeldSync>();
        foreach (var sync in syncs)
        {
            if (_pool.Find(sync.Worker) is not { } worker)
            {
                sync.Fail(new WorkerUnknownException(sync.Worker));
                continue;
            }

            worker.Draining = sync.Request.Draining;
            known.Add(sync);
        }

        // An attempt that ended takes nothing of its host any more, whatever becomes of what it said.
        var sweeps = new HashSet<long>();
        foreach (var completion in known.SelectMany(sync => sync.Request.Completed))
        {
            sweeps.UnionWith(_pool.End(completion.Token)?.Sweeps ?? []);
        }

        var placed = Place(known);
        if (known.Count == 0 && placed.Count == 0)
        {
            return;
        }

        var open = sweeps.Select(OpenTrial).OfType<long>().ToList();
        var result = await store.WriteAsync(Flush(known, placed, open), cancellation);
        ApplyBeats(known, result);
        foreach (var sync in known)
        {
            if (_held.Remove(sync.Worker, out var earlier))
            {
                earlier.Answer();
            }

            _held.Add(sync.Worker, sync);
        }

        await ApplySettledAsync(result.Settled, cancellation);
        ApplyEnded(result.Ended);
        HarnessMeter.FencedWrites.Add(result.Fenced.Count);
        HarnessMeter.LeaseRenewals.Add(result.Beats.Count);
        GiveAgain(known);
        ApplyLeases(placed, result.Leased);
        // One that said something or is leaving is answered now; the others wait for news.
        AnswerHeld(sync => sync.Request.Draining && sync.Request.Heartbeats.Count == 0);
    }

    private List<Placed> Place(List<HeldSync> known)
    {
        if (_queue.IsEmpty)
        {
            return [];
        }

        // Of two calls of one worker the later one counts.
        var calls = known
            .AsEnumerable()
            .Reverse()
            .Concat(_held.Values)
            .DistinctBy(sync => sync.Worker)
            .Where(sync => sync.Request.FreeSlots > 0);
        return Placement.Plan(_queue, _pool, new Room([.. calls.Select(Offer)]));
    }

    // A trial that the sweep waits for, as far as is known here: the table need not look through all others.
    private long? OpenTrial(long sweep)
    {
        var waiting = _queue.Find(sweep)?.Waiting;
        return waiting is { Count: > 0 }
            ? waiting.Values.First().Trial
            : _pool.Of(sweep).FirstOrDefault()?.Lease.TrialId;
    }

    private Offer Offer(HeldSync sync)
    {
        var worker = _pool.Find(sync.Worker)!;
        var running = _pool.Of(sync.Worker);
        var named = Named(sync.Request);
        var unheard = running.Count(attempt => !named.Contains(attempt.Token));
        var free = Math.Min(sync.Request.FreeSlots - unheard, worker.Facts.Slots - running.Count);
        return new Offer(
            worker,
            worker.Draining || disk.Sentence is not null ? 0 : Math.Max(0, free)
        );
    }

    private Flush Flush(List<HeldSync> syncs, List<Placed> placed, List<long> open) =>
        new()
        {
            Epoch = _epoch,
            LeaseSeconds = _options.LeaseSeconds,
            BackOffSeconds = _options.BackOffSeconds,
            Workers =
            [
                .. syncs.Select(sync => new WorkerSign(
                    sync.Worker,
                    !sync.Request.Draining ? "ready"
                        : sync.Request.Heartbeats.Count > 0 ? "draining"
                        : "left"
                )),
            ],
            Heartbeats = [.. syncs.SelectMany(sync => sync.Request.Heartbeats)],
            Completions = [.. syncs.SelectMany(sync => sync.Request.Completed)],
            Grants =
            [
                .. placed.Select(place => new Grant(
                    place.Trial.Trial,
                    place.Worker.Facts.Id,
                    place.Worker.Facts.Hardware
                )),
            ],
            Open = open,
        };

    private void ApplyBeats(List<HeldSync> syncs, FlushResult result)
    {
        var beats = result.Beats.ToDictionary(beat => beat.Token);
        foreach (var beat in beats.Values.Where(beat => beat.Begun))
        {
            HarnessMeter.Transition("leased", "running");
        }

        foreach (var sync in syncs)
        {
            foreach (var heartbeat in sync.Request.Heartbeats)
            {
                if (_pool.Attempt(heartbeat.Token) is { } attempt)
                {
                    attempt.Confirmed = true;
                }

                if (!beats.TryGetValue(heartbeat.Token, out var beat))
                {
                    // No longer this worker's: its lease expired, or the trial has ended.
                    _pool.End(heartbeat.Token);
                    sync.Stop(heartbeat.Token);
                }
                else if (!beat.Wanted)
                {
                    sync.Stop(heartbeat.Token);
                }
            }
        }
    }

    private async Task ApplySettledAsync(
        IReadOnlyList<Settled> settled,
        CancellationToken cancellation
    )
    {
        foreach (var row in settled)
        {
            HarnessMeter.Transition(row.From, row.To);
            if (row.Token is { } token)
            {
                _pool.End(token);
                _trace.End(token, row.Trial, row.To, row.To is not ("pending" or "retry_wait"));
            }

            _queue.Take(row.Trial);
        }

        var waiting = settled.Where(row => row.To == "pending").Select(row => row.Trial).ToList();
        if (waiting.Count > 0)
        {
            foreach (var trial in await loader.WaitingAsync(waiting, cancellation))
            {
                _queue.Add(trial);
            }
        }
    }

    private void ApplyEnded(IReadOnlyList<EndedSweep> ended)
    {
        foreach (var sweep in ended)
        {
            _queue.Remove(sweep.Sweep);
            if (sweep.State != "paused")
            {
                HarnessMeter.SweepsCompleted.Add(
                    1,
                    new KeyValuePair<string, object?>("state", sweep.State)
                );
            }
        }
    }

    // An answer may have been lost on its way: a lease that its worker has never named is said again.
    private void GiveAgain(List<HeldSync> syncs)
    {
        foreach (var sync in syncs)
        {
            var named = Named(sync.Request);
            foreach (
                var attempt in _pool
                    .Of(sync.Worker)
                    .Where(attempt => !attempt.Confirmed && !named.Contains(attempt.Token))
            )
            {
                sync.Give(attempt.Lease);
            }
        }
    }

    private void ApplyLeases(List<Placed> placed, IReadOnlyList<Leased> leased)
    {
        var given = leased.ToDictionary(row => row.Trial);
        foreach (var place in placed)
        {
            var sweeps = _queue.Take(place.Trial.Trial);
            // A trial that was not given had changed in the table; if it waits again, a reload will find it.
            if (!given.TryGetValue(place.Trial.Trial, out var row))
            {
                continue;
            }

            var lease = new Lease(
                row.Trial,
                row.Token,
                row.Number,
                place.Trial.Spec,
                _trace.Begin(Span(place, row))
            )
            {
                Resume = row.Resume,
            };
            var attempt = new RunningAttempt(lease, place.Worker.Facts.Id, sweeps);
            _pool.Add(attempt);
            HarnessMeter.Transition("pending", "leased");
            HarnessMeter.QueueWait.Record((time.GetUtcNow() - place.Trial.WaitsSince).TotalSeconds);
            _held[attempt.Worker].Give(attempt.Lease);
        }
    }

    private AttemptSpan Span(Placed place, Leased row) =>
        new()
        {
            Sweep = place.Trial.Sweep,
            Trial = row.Trial,
            Token = row.Token,
            Number = row.Number,
            Worker = place.Worker.Facts.Id,
            Model = place.Trial.Spec.Model,
            Task = place.Trial.Spec.Task,
            WaitsSince = place.Trial.WaitsSince,
            Submit = _queue.Find(place.Trial.Sweep)?.Facts.TraceParent,
        };

    private static HashSet<long> Named(SyncRequest request) =>
        [
            .. request.Heartbeats.Select(beat => beat.Token),
            .. request.Completed.Select(completion => completion.Token),
        ];
}
