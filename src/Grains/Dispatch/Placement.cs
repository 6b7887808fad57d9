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
    /// <param name="queue">Waiting trials.</param>
    /// <param name="pool">Workers.</param>
    /// <param name="room">What the workers that ask have left; less after it.</param>
    public static List<Placed> Plan(TrialQueue queue, WorkerPool pool, Room room)
    {
        var placed = new List<Placed>();
        var taken = new HashSet<long>();
        foreach (var sweep in queue.Sweeps)
        {
            if (room.IsFull)
            {
                break;
            }

            // A trial that was placed for another sweep counts for each that wants it only from the next turn on.
            var may = sweep.Facts.MaxConcurrentTrials - pool.Of(sweep.Facts.Id).Count;
            var missed = 0;
            foreach (var trial in sweep.Waiting.Values)
            {
                if (may <= 0 || missed == LookAhead || room.IsFull)
                {
                    break;
                }

                if (taken.Contains(trial.Trial))
                {
                    continue;
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
}
