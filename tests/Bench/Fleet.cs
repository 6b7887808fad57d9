using System.Collections.Concurrent;
using System.Diagnostics;

namespace Harness.Bench;

/// <summary>What a fleet did.</summary>
/// <param name="Ended">Trials whose end was acknowledged.</param>
/// <param name="Seconds">From the first call to the last acknowledgement.</param>
/// <param name="Milliseconds">Of each call that carried ten transitions or more.</param>
/// <param name="Refused">Calls that had to be repeated.</param>
internal sealed record FleetRun(
    int Ended,
    double Seconds,
    IReadOnlyCollection<double> Milliseconds,
    int Refused
);

/// <summary>Many simulated workers at once.</summary>
internal sealed class Fleet : IDisposable
{
    private const int Transitions = 10; // the least that a counted call carries

    private readonly List<SimulatedWorker> _workers;

    private Fleet(List<SimulatedWorker> workers) => _workers = workers;

    /// <summary>Workers that have joined.</summary>
    public static async Task<Fleet> JoinAsync(Rig rig, int workers, int slots)
    {
        var fleet = new Fleet([
            .. Enumerable
                .Range(1, workers)
                .Select(number => new SimulatedWorker(rig.Workers, rig.JoinToken, number, slots)),
        ]);
        foreach (var some in fleet._workers.Chunk(16))
        {
            await Task.WhenAll(some.Select(worker => worker.JoinAsync()));
        }

        return fleet;
    }

    /// <summary>All workers.</summary>
    public IReadOnlyList<SimulatedWorker> Workers => _workers;

    /// <summary>Runs until so many trials have ended, or the time is over; then what is held is ended too.</summary>
    /// <param name="trials">How many are to end at least.</param>
    /// <param name="limit">When it stops all the same.</param>
    /// <param name="pace">Time from one call of a worker to its next; null: at once.</param>
    public async Task<FleetRun> RunAsync(int trials, TimeSpan limit, TimeSpan? pace = null)
    {
        var count = new Count(trials, limit);
        await Task.WhenAll(
            _workers.Select(
                (worker, place) =>
                    RunAsync(worker, count, pace, pace * ((double)place / _workers.Count))
            )
        );
        return new FleetRun(count.Ended, count.Seconds, count.Milliseconds, count.Refused);
    }

    public void Dispose() => _workers.ForEach(worker => worker.Dispose());

    private static async Task RunAsync(
        SimulatedWorker worker,
        Count count,
        TimeSpan? pace,
        TimeSpan? offset
    )
    {
        await Task.Delay(offset ?? TimeSpan.Zero);
        using var beat = pace is { } period ? new PeriodicTimer(period) : null;
        List<Held> ended = [];
        // A worker that has nothing to say any more would be held for seconds.
        for (var isOver = false; !isOver || ended.Count > 0; isOver |= count.IsOver)
        {
            var begin = Stopwatch.GetTimestamp();
            try
            {
                var (leased, acknowledged) = await worker.SyncAsync(ended, asks: !isOver);
                var carried = leased.Count + acknowledged;
                count.Add(
                    acknowledged,
                    carried >= Transitions ? Stopwatch.GetElapsedTime(begin) : null
                );
                ended = leased;
            }
            catch (HttpRequestException)
            {
                count.Refuse();
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }

            if (beat is not null)
            {
                await beat.WaitForNextTickAsync();
            }
        }
    }

    private sealed class Count(int trials, TimeSpan limit)
    {
        private readonly long _begin = Stopwatch.GetTimestamp();
        private readonly ConcurrentQueue<double> _milliseconds = [];
        private int _ended;
        private int _refused;
        private double _seconds;

        public int Ended => _ended;

        public double Seconds => _seconds;

        public int Refused => _refused;

        public IReadOnlyCollection<double> Milliseconds => _milliseconds;

        public bool IsOver => _ended >= trials || Stopwatch.GetElapsedTime(_begin) > limit;

        public void Add(int ended, TimeSpan? took)
        {
            Interlocked.Add(ref _ended, ended);
            if (ended > 0)
            {
                _seconds = Stopwatch.GetElapsedTime(_begin).TotalSeconds;
            }

            if (took is { } time)
            {
                _milliseconds.Enqueue(time.TotalMilliseconds);
            }
        }

        public void Refuse() => Interlocked.Increment(ref _refused);
    }
}
