using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Bench;

/// <summary>M8: what a point of a curve costs from the workers' endpoint to the table.</summary>
internal static class Ingest
{
    private const int Points = 256;
    private const double MostMicroseconds = 16;
    private const double MostBytes = 16;

    private static readonly string[] Metrics = ["train_loss", "gradient_norm"];

    public static Mark Mark { get; } =
        new(
            "M8",
            "a point of a curve",
            "16 simulated workers of 4 slots hand in two curves of each running attempt in chunks of 256 points, losses in single precision as a trainer writes them, and keep their leases meanwhile; bytes are those of the tables with their indexes.",
            MeasureAsync
        );

    private static async Task<Table> MeasureAsync(Scale scale)
    {
        var chunks = scale == Scale.Full ? 64 : 4;
        await using var rig = await Rig.StartAsync();
        using var fleet = await Fleet.JoinAsync(rig, workers: 16, slots: 4);
        await rig.SubmitAsync(Rig.Sweep("curves", 64));
        var held = await Task.WhenAll(
            fleet.Workers.Select(async worker => (worker, (await worker.SyncAsync([])).Leased))
        );
        await HandInAsync(held, 0, 2); // compiled code, prepared statements
        var bytes = await BytesAsync(rig);
        var before = CpuClock.Read();
        var began = TimeProvider.System.GetTimestamp();
        await HandInAsync(held, 2, chunks);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var after = CpuClock.Read();
        var points = (double)held.Sum(pair => pair.Leased.Count) * Metrics.Length * chunks * Points;
        var size = (await BytesAsync(rig) - bytes) / points;
        double Micros(params string[] programs) =>
            CpuClock.Between(before, after, programs) / points * 1e6;
        return new Table(
            ["points", "points/s", "silo us a point", "database us a point", "bytes a point"],
            [
                [
                    Cell.Of(points),
                    Cell.Of(points / seconds),
                    Cell.Of(Micros("silo")),
                    Cell.Of(Micros("database")),
                    Cell.Of(size),
                ],
            ],
            [
                new Figure("CPU a point", Micros("silo", "database"), MostMicroseconds, "us"),
                new Figure("bytes a point", size, MostBytes, "bytes"),
            ]
        );
    }

    private static async Task HandInAsync(
        (SimulatedWorker Worker, List<Held> Leased)[] held,
        int first,
        int chunks
    )
    {
        using var done = new CancellationTokenSource();
        var beats = held.Select(pair => BeatAsync(pair.Worker, pair.Leased, done.Token)).ToList();
        await Task.WhenAll(
            held.Select(async pair =>
            {
                for (var chunk = first; chunk < first + chunks; chunk++)
                {
                    await pair.Worker.IngestAsync([
                        .. pair.Leased.Select(attempt => Data(attempt, chunk)),
                    ]);
                }
            })
        );
        await done.CancelAsync();
        await Task.WhenAll(beats);
    }

    // Leases live on beside: a sync is held for seconds when there is nothing to say.
    private static async Task BeatAsync(
        SimulatedWorker worker,
        List<Held> held,
        CancellationToken done
    )
    {
        while (!done.IsCancellationRequested)
        {
            await worker.BeatAsync(held);
        }
    }

    // A curve that falls, with the noise of a batch; seconds of the trainer's clock.
    private static AttemptData Data(Held attempt, int chunk)
    {
        var noise = new Random(unchecked((int)(attempt.Token * 7_919) + chunk));
        var steps = Enumerable.Range(chunk * Points, Points).ToList();
        return new AttemptData
        {
            TrialId = attempt.Trial,
            Token = attempt.Token,
            Points =
            [
                .. Metrics.Select(metric => new TrainerPoints(
                    metric,
                    steps,
                    [
                        .. steps.Select(step =>
                            (double)(float)(Math.Exp(-step / 4_000.0) + noise.NextDouble() * 0.1)
                        ),
                    ],
                    [
                        .. steps.Select(step =>
                            Math.Round(step * 0.0123 + noise.NextDouble() * 0.001, 4)
                        ),
                    ]
                )),
            ],
        };
    }

    private static Task<long> BytesAsync(Rig rig) =>
        rig.ScalarAsync<long>(
            "select pg_total_relation_size('metric_chunk') + pg_total_relation_size('metric_last')"
        );
}
