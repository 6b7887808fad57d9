using Harness.Domain.Workers;
using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <content>What the lane reads: everything after a start or an outage, more of long sweeps, and the clocks.</content>
internal sealed partial class Dispatcher
{
    // Of a sweep of a million trials that has nearly ended, the rest is found in some turns: a turn has its time.
    private const int PartsATurn = 50;

    private async Task LoadAsync(CancellationToken cancellation)
    {
        if (_loaded)
        {
            return;
        }

        if (_epoch == 0)
        {
            _epoch = await store.TakeOverAsync(cancellation);
        }

        var state = await loader.LoadAsync(cancellation);
        _queue.Clear();
        _pool.ForgetAttempts();
        foreach (var worker in state.Workers.Where(worker => _pool.Find(worker.Id) is null))
        {
            _pool.Join(worker);
        }

        foreach (var attempt in state.Attempts)
        {
            _pool.Add(Running(attempt));
        }

        foreach (var sweep in state.Sweeps)
        {
            _queue.Add(sweep);
        }

        await BeginPeriodAsync(cancellation);
        _loaded = true;
        if (_awaySince is { } since)
        {
            HarnessMeter.DatabaseOutage.Add(time.GetElapsedTime(since).TotalSeconds);
            _awaySince = null;
        }

        LogLoaded(_epoch, state.Sweeps.Count, state.Attempts.Count, state.Workers.Count);
    }

    // Leases may run out a whole lease from here on: not one of them was renewable before.
    private async Task BeginPeriodAsync(CancellationToken cancellation)
    {
        await store.BeginPeriodAsync(_epoch, _options.LeaseSeconds, cancellation);
        _writableSince = time.GetTimestamp();
        _lastTick = _writableSince;
    }

    private static RunningAttempt Running(LiveAttempt attempt) =>
        new(
            new Lease(attempt.Trial, attempt.Token, attempt.Number, attempt.Spec, TraceParent: null)
            {
                Resume = attempt.Resume,
            },
            attempt.Worker,
            attempt.Sweeps
        )
        {
            Confirmed = attempt.Started,
        };

    private async Task RefillAsync(CancellationToken cancellation)
    {
        // A part is read in a few milliseconds: whoever speaks meanwhile waits for no longer.
        var part = Math.Max(1, _options.Window / 8);
        var parts = PartsATurn;
        foreach (var sweep in _queue.Sweeps.ToList())
        {
            var size = part;
            while (!sweep.IsRead && sweep.Waiting.Count <= _options.Window - part && parts-- > 0)
            {
                var last = sweep.ReadTo + size;
                var trials = await loader.WaitingAsync(
                    sweep.Facts.Id,
                    sweep.ReadTo + 1,
                    last,
                    cancellation
                );
                foreach (var trial in trials)
                {
                    _queue.Add(trial);
                }

                sweep.ReadTo = last;
                // Where nothing waits any more, the next part may be longer.
                size = trials.Count == 0 ? _options.Window : part;
            }
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        var now = time.GetTimestamp();
        // A silo that was itself stopped for a while has not heard the heartbeats of that while.
        if (time.GetElapsedTime(_lastTick, now).TotalSeconds > _options.LeaseSeconds / 2)
        {
            await BeginPeriodAsync(cancellation);
            now = _lastTick;
        }

        _lastTick = now;
        var whole = time.GetElapsedTime(_writableSince, now).TotalSeconds >= _options.LeaseSeconds;
        var result = await store.TickAsync(
            _epoch,
            whole ? _options.LeaseSeconds : null,
            cancellation
        );
        await ApplyTickAsync(result, cancellation);
        await CompareSweepsAsync(cancellation);

        AnswerHeld(sync =>
            time.GetElapsedTime(sync.Since, now).TotalSeconds + _options.TickSeconds
            > _options.HoldSeconds
        );
    }

    // A submit or a cancel whose word did not get here is found this way.
    private async Task CompareSweepsAsync(CancellationToken cancellation)
    {
        var live = await loader.SweepsAsync(cancellation);
        foreach (var sweep in live)
        {
            _queue.Add(sweep);
        }

        var ids = live.Select(sweep => sweep.Id).ToHashSet();
        foreach (var gone in _queue.Sweeps.Where(sweep => !ids.Contains(sweep.Facts.Id)).ToList())
        {
            _queue.Remove(gone.Facts.Id);
        }
    }

    private async Task ApplyTickAsync(TickResult result, CancellationToken cancellation)
    {
        foreach (var row in result.Expired)
        {
            HarnessMeter.LeasesExpired.Add(1);
            LogExpired(row.Trial, row.Token ?? 0, row.To);
        }

        foreach (var worker in result.Lost)
        {
            // Kept in mind: it may have been stopped for a while and come back with its results.
            LogLost(worker);
        }

        await ApplySettledAsync(result.Expired, cancellation);
        await ApplySettledAsync(result.Ready, cancellation);
        ApplyEnded(result.Ended);
    }
}
