using System.Globalization;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Metrics;
using Harness.Domain.Trials;
using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <summary>
/// Why a trial stands where it stands. What is said of workers comes from the plan that would place it, made once more
/// for all of them: the words cannot say another thing than the dispatcher does.
/// </summary>
/// <param name="queue">Waiting trials.</param>
/// <param name="pool">Workers.</param>
/// <param name="disk">Why nothing new is taken, or null.</param>
internal sealed class Explanation(TrialQueue queue, WorkerPool pool, string? disk)
{
    /// <summary>The explanation.</summary>
    public TrialExplanation Of(long trial, Standing standing)
    {
        var explanation = new TrialExplanation
        {
            Trial = Ids.Trial(trial),
            State = standing.State,
            Because = standing.State switch
            {
                TrialState.Leased or TrialState.Running => [Runs(standing)],
                TrialState.RetryWait => [Waits(standing)],
                TrialState.Succeeded or TrialState.Cancelled => [Ended(standing)],
                TrialState.Failed or TrialState.Quarantined =>
                [
                    Ended(standing),
                    $"`harness retry {Sweep(standing)} --{(standing.State == TrialState.Failed ? "failed" : "lost")}` tries it again.",
                ],
                _ => [],
            },
        };
        return standing.State == TrialState.Pending
            ? Pending(explanation, trial, standing)
            : explanation;
    }

    private TrialExplanation Pending(TrialExplanation explanation, long trial, Standing standing)
    {
        var live = standing.Sweeps.Where(sweep => sweep.State is "queued" or "running").ToList();
        if (live.Count == 0)
        {
            return explanation with { Because = [.. standing.Sweeps.Select(Rests)] };
        }

        var here = standing.Workers.Where(worker => worker.State is "ready" or "draining").ToList();
        var asked = here.Select(worker => pool.Find(worker.Id))
            .OfType<PooledWorker>()
            .Where(worker => !worker.Draining && disk is null);
        var room = new Room([
            .. asked.Select(worker => new Offer(
                worker,
                Math.Max(0, worker.Facts.Slots - worker.Attempts.Count)
            )),
        ]);
        var next = Placement
            .Plan(queue, pool, room)
            .FirstOrDefault(placed => placed.Trial.Trial == trial)
            ?.Worker;
        return explanation with
        {
            Because = [.. Because(trial, live, here.Count, next)],
            Workers =
            [
                .. standing.Workers.Select(worker => new WorkerReason(
                    worker.Id,
                    worker.Name,
                    worker.Host,
                    Reason(worker.Id, worker.State, worker.SilentSeconds, standing.Spec, room, next)
                )),
            ],
        };
    }

    private IEnumerable<string> Because(
        long trial,
        List<(long Sweep, string State)> live,
        int workers,
        PooledWorker? next
    )
    {
        if (disk is not null)
        {
            yield return disk;
        }

        if (workers == 0)
        {
            yield return "No worker is here.";
        }

        if (next is not null)
        {
            yield return "It is its turn: it begins in a moment.";
        }

        foreach (var (id, _) in live)
        {
            if (queue.Find(id) is { } sweep)
            {
                if (pool.Of(id).Count is var running && running >= sweep.Facts.MaxConcurrentTrials)
                {
                    yield return $"{Ids.Sweep(id)} runs {Count(running, "trial")}, as many as its max_concurrent_trials allows.";
                }

                yield return Ahead(trial, sweep);
            }
        }
    }

    private string Ahead(long trial, QueuedSweep own)
    {
        var before = queue
            .Sweeps.TakeWhile(sweep => sweep != own)
            .Sum(sweep => sweep.Waiting.Count);
        var place = own.Waiting.Values.TakeWhile(waiting => waiting.Trial != trial).Count();
        var sweep = Ids.Sweep(own.Facts.Id);
        return place == own.Waiting.Count
                ? $"{sweep} has more than {Count(before + place, "trial")} before it."
            : before + place == 0 ? $"It is the first in the queue, for {sweep}."
            : $"{Count(before + place, "trial")} {(before + place == 1 ? "is" : "are")} before it in the queue{(before > 0 ? $", {before} of sweeps that go before {sweep}" : "")}.";
    }

    private static string Reason(
        string worker,
        string state,
        double silent,
        TrialSpec spec,
        Room room,
        PooledWorker? next
    ) =>
        state == "lost" ? $"gave no sign of life for {Seconds(silent)}"
        : state == "draining" ? "takes nothing more: it is stopping"
        : next?.Facts.Id == worker ? "takes it when it asks next"
        : room.Why(worker, spec);

    private static string Runs(Standing standing) =>
        $"Attempt {standing.Attempts} {(standing.State == TrialState.Running ? "runs" : "is about to begin")} on {standing.Worker ?? "a worker that is gone"}"
        + (standing.Step is { } step ? $", {Count(step, "step")} done" : "")
        + (
            standing.LeaseSeconds is { } left
                ? left > 0
                    ? $"; its lease is renewed at every sign of life and lasts {Seconds(left)} from now."
                    : "; its lease is over, and passes on once the database could be written to for a whole lease."
                : "."
        );

    private static string Waits(Standing standing) =>
        $"It is tried again in {Seconds(Math.Max(0, standing.WaitSeconds ?? 0))}, after {standing.Crashes.Counted} of {standing.Crashes.Most} crashes: {FirstLine(standing.Reason)}";

    private static string Ended(Standing standing) =>
        standing.State switch
        {
            TrialState.Succeeded => $"It succeeded with attempt {standing.Attempts}.",
            TrialState.Cancelled => "It was cancelled.",
            _ =>
                $"It is {Words.Of(standing.State)} after {Count(standing.Attempts, "attempt")}: {FirstLine(standing.Reason)}",
        };

    private static string Rests((long Sweep, string State) sweep) =>
        sweep.State is "pausing" or "paused"
            ? $"{Ids.Sweep(sweep.Sweep)} is {sweep.State}: `harness resume {Ids.Sweep(sweep.Sweep)}` lets it run."
            : $"{Ids.Sweep(sweep.Sweep)} is {sweep.State}.";

    private static string Sweep(Standing standing) =>
        standing.Sweeps.Count > 0 ? Ids.Sweep(standing.Sweeps[0].Sweep) : "SWEEP";

    private static string FirstLine(string? reason) =>
        string.IsNullOrEmpty(reason) ? "no reason was told." : reason.Split('\n')[0];

    private static string Count(int number, string what) =>
        $"{Format.Count(number)} {what}{(number == 1 ? "" : "s")}";

    private static string Seconds(double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s");
}
