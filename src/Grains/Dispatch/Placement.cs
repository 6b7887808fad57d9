using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <summary>A worker that asks for attempts.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Free">How many more it can take.</param>
internal sealed record Offer(PooledWorker Worker, int Free);

/// <summary>A trial and the worker that is to run it.</summary>
/// <param name="Trial">The trial, as the sweep wants it whose turn it was.</param>
/// <param name="Worker">The worker.</param>
internal sealed record Placed(WaitingTrial Trial, PooledWorker Worker);

/// <summary>Decides who runs what. Pure: it looks at memory and changes nothing.</summary>
internal static class Placement
{
    // How far a sweep is looked into when its first trials do not fit.
    private const int LookAhead = 64;

    /// <summary>Gives waiting trials to the workers that ask, in the order of the queue.</summary>
    public static List<Placed> Plan(
        TrialQueue queue,
        WorkerPool pool,
        IReadOnlyCollection<Offer> offers
    )
    {
        var placed = new List<Placed>();
        var taken = new HashSet<long>();
        var room = new Room(pool, offers);
        foreach (var sweep in queue.Sweeps)
        {
            var may =
                sweep.Facts.MaxConcurrentTrials
                - pool.Attempts.Count(attempt => attempt.Sweeps.Contains(sweep.Facts.Id));
            // A trial that was placed for another sweep counts for each that wants it only from the next turn on.
            var waiting = sweep.Waiting.Values.Where(trial => !taken.Contains(trial.Trial));
            var missed = 0;
            foreach (var trial in waiting)
            {
                if (may <= 0 || missed == LookAhead || room.IsFull)
                {
                    break;
                }

                if (room.Take(trial.Spec) is not { } worker)
                {
                    missed++;
                    continue;
                }

                taken.Add(trial.Trial);
                placed.Add(new Placed(trial, worker));
                may--;
            }
        }

        return placed;
    }

    /// <summary>What the asking workers have left while a plan is made.</summary>
    private sealed class Room(WorkerPool pool, IReadOnlyCollection<Offer> offers)
    {
        private readonly Capacity _free = pool.Free();
        private readonly Capacity _idle = new(pool.Workers, []);
        private readonly Dictionary<PooledWorker, int> _slots = offers
            .Where(offer => offer.Free > 0)
            .ToDictionary(offer => offer.Worker, offer => offer.Free);
        private readonly Dictionary<PooledWorker, int> _busy = offers.ToDictionary(
            offer => offer.Worker,
            offer => pool.Of(offer.Worker.Facts.Id).Count()
        );
        private readonly HashSet<string> _reserved = [];

        public bool IsFull => _slots.Count == 0;

        public PooledWorker? Take(Domain.Trials.TrialSpec spec)
        {
            var need = Need.Of(spec);
            var able = _slots.Keys.Where(worker => HasData(worker.Facts, spec)).ToList();
            // The least busy worker, and of those the one that has waited longest: so all workers get work.
            var chosen = able.Where(worker =>
                    !_reserved.Contains(worker.Facts.Host) && _free.Fits(worker.Facts, need)
                )
                .OrderBy(worker => _busy[worker])
                .ThenBy(worker => worker.LastLease)
                .ThenBy(worker => worker.Facts.Id, StringComparer.Ordinal)
                .FirstOrDefault();
            if (chosen is null)
            {
                Reserve(able, need);
                return null;
            }

            _free.Take(chosen.Facts.Id, chosen.Facts.Host, need);
            _busy[chosen]++;
            if (--_slots[chosen] == 0)
            {
                _slots.Remove(chosen);
            }

            return chosen;
        }

        // A trial that fits a host once it is idle keeps the room there: smaller ones behind it must not starve it.
        private void Reserve(List<PooledWorker> able, Need need)
        {
            var host = able.Where(worker => _idle.Fits(worker.Facts, need))
                .Select(worker => worker.Facts.Host)
                .FirstOrDefault(host => !_reserved.Contains(host));
            if (host is not null)
            {
                _reserved.Add(host);
            }
        }

        private static bool HasData(KnownWorker worker, Domain.Trials.TrialSpec spec) =>
            spec.DataHash is null
            || worker.Data.TryGetValue(spec.Task, out var hash) && hash == spec.DataHash;
    }
}
