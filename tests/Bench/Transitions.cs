using System.Globalization;

namespace Harness.Bench;

/// <summary>M7: durable transitions through the workers' endpoint and the grains.</summary>
internal static class Transitions
{
    private const int Slots = 16;
    private const double LeastRate = 20_000;
    private const double MostMilliseconds = 50;

    public static Mark Mark { get; } =
        new(
            "M7",
            "durable transitions a second",
            "Simulated workers of 16 slots: each call ends up to 16 attempts and takes up to 16 leases; a transition counts when its commit is acknowledged (a lease and an end a trial). Workers, silo and database share the cores. First all call again at once, which gives the rate; then the same workers call at half of it, which gives the times: with all attempts of all workers in flight, the time of a call would be that number over the rate.",
            MeasureAsync
        );

    private static async Task<Table> MeasureAsync(Scale scale)
    {
        var rows = new List<IReadOnlyList<string>>();
        var figures = new List<Figure>();
        foreach (var workers in scale == Scale.Full ? new[] { 128, 1_000 } : [16])
        {
            var (flat, paced) = await MeasureAsync(scale, workers);
            rows.Add(flat.Row("at once"));
            rows.Add(paced.Row("at half of that"));
            figures.Add(
                new Figure($"{workers} workers", flat.Rate, LeastRate, "transitions/s", Least: true)
            );
            if (workers == 128)
            {
                figures.Add(
                    new Figure(
                        "p99 of a call, 128 workers at half of the rate",
                        Cell.Quantile(paced.Run.Milliseconds, 0.99),
                        MostMilliseconds,
                        "ms"
                    )
                );
            }
        }

        return new Table(
            [
                "workers",
                "calls",
                "transitions/s",
                "p50 ms",
                "p99 ms",
                "silo us each",
                "database us each",
                "workers us each",
                "repeated calls",
            ],
            rows,
            figures
        );
    }

    private static async Task<(Part Flat, Part Paced)> MeasureAsync(Scale scale, int workers)
    {
        // Short enough that no sweep ends meanwhile: its end is looked up once, and holds the lane for that long.
        var (seconds, trials) = scale == Scale.Full ? (7, 100_000) : (2, 10_000);
        await using var rig = await Rig.StartAsync();
        using var fleet = await Fleet.JoinAsync(rig, workers, Slots);
        await rig.SubmitAsync(Rig.Sweep("first", trials));
        await rig.SubmitAsync(Rig.Sweep("second", trials));
        // The time of compilers, and what the submit leaves behind.
        await fleet.RunAsync(trials / 10, TimeSpan.FromMinutes(1));
        if (scale == Scale.Full)
        {
            await Rig.QuietAsync(TimeSpan.FromSeconds(61));
        }

        var limit = TimeSpan.FromSeconds(seconds);
        var flat = await MeasureAsync(fleet, workers, limit, pace: null);
        var pace = TimeSpan.FromSeconds(workers * Slots * 2 / (flat.Rate / 2));
        return (flat, await MeasureAsync(fleet, workers, 2 * limit, pace));
    }

    private static async Task<Part> MeasureAsync(
        Fleet fleet,
        int workers,
        TimeSpan limit,
        TimeSpan? pace
    )
    {
        var before = CpuClock.Read();
        var run = await fleet.RunAsync(int.MaxValue, limit, pace);
        return new Part(workers, run, before, CpuClock.Read());
    }

    /// <summary>One way of calling.</summary>
    private sealed record Part(
        int Workers,
        FleetRun Run,
        IReadOnlyDictionary<string, double> Before,
        IReadOnlyDictionary<string, double> After
    )
    {
        public double Rate => 2 * Run.Ended / Run.Seconds;

        public IReadOnlyList<string> Row(string calls) =>
            [
                Workers.ToString("#,0", CultureInfo.InvariantCulture),
                calls,
                Cell.Of(Rate),
                Cell.Of(Cell.Quantile(Run.Milliseconds, 0.5)),
                Cell.Of(Cell.Quantile(Run.Milliseconds, 0.99)),
                Cell.Of(Micros("silo")),
                Cell.Of(Micros("database")),
                Cell.Of(Micros(CpuClock.Own)),
                Run.Refused.ToString(CultureInfo.InvariantCulture),
            ];

        private double Micros(string program) =>
            CpuClock.Between(Before, After, program) / (2 * Run.Ended) * 1e6;
    }
}
