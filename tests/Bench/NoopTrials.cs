namespace Harness.Bench;

/// <summary>M3: CPU of scheduler and database for one durable trial with its full history.</summary>
internal static class NoopTrials
{
    private const double Goal = 0.30; // ms
    private const int Workers = 16;
    private const int Slots = 16;

    public static Mark Mark { get; } =
        new(
            "M3",
            "CPU of a durable no-op trial",
            "16 simulated workers of 16 slots end no-op trials of a submitted sweep over HTTP, block after block, in one run of the programs. The figure is the mean over all blocks, with everything that silo and database do in the background meanwhile.",
            MeasureAsync
        );

    private static async Task<Table> MeasureAsync(Scale scale)
    {
        var (trials, blocks) = scale == Scale.Full ? (8_000, 11) : (500, 2);
        await using var rig = await Rig.StartAsync();
        using var fleet = await Fleet.JoinAsync(rig, Workers, Slots);
        // The first trials pay for compiled code and prepared statements.
        await RunAsync(rig, fleet, "warm", trials / 2);
        // At the end of a block every worker ends what it holds, and may have asked for more just before.
        await rig.SubmitAsync(Rig.Sweep("blocks", blocks * (trials + 2 * Workers * Slots)));
        if (scale == Scale.Full)
        {
            await Rig.QuietAsync(TimeSpan.FromSeconds(61));
        }

        var costs = new List<Cost>();
        for (var block = 0; block < blocks; block++)
        {
            costs.Add(await RunAsync(fleet, trials));
        }

        string Row(Func<Cost, double> part) =>
            $"{Cell.Of(Mean(costs, part))} | {Cell.Of([.. costs.Select(cost => part(cost) / cost.Ended * 1_000)])}";
        var rate = costs.Sum(cost => cost.Ended) / costs.Sum(cost => cost.Seconds);
        return new Table(
            ["ms of CPU a trial", "mean", $"blocks of {trials:#,0}: median [least, greatest]"],
            [
                ["silo", Row(cost => cost.Silo)],
                ["database", Row(cost => cost.Database)],
                ["both", Row(cost => cost.Silo + cost.Database)],
                [
                    "trials/s on the wall",
                    $"{Cell.Of(rate)} | {Cell.Of([.. costs.Select(cost => cost.Ended / cost.Seconds)])}",
                ],
            ],
            [new Figure("CPU a trial", Mean(costs, cost => cost.Silo + cost.Database), Goal, "ms")]
        );
    }

    private static double Mean(List<Cost> costs, Func<Cost, double> part) =>
        costs.Sum(part) / costs.Sum(cost => cost.Ended) * 1_000;

    private static async Task RunAsync(Rig rig, Fleet fleet, string name, int trials)
    {
        await rig.SubmitAsync(Rig.Sweep(name, trials));
        await RunAsync(fleet, trials);
    }

    private static async Task<Cost> RunAsync(Fleet fleet, int trials)
    {
        var before = CpuClock.Read();
        var run = await fleet.RunAsync(trials, TimeSpan.FromMinutes(5));
        var after = CpuClock.Read();
        if (run.Ended < trials)
        {
            throw new TimeoutException($"of {trials} trials only {run.Ended} ended");
        }

        return new Cost(
            run.Ended,
            CpuClock.Between(before, after, "silo"),
            CpuClock.Between(before, after, "database"),
            run.Seconds
        );
    }

    private sealed record Cost(int Ended, double Silo, double Database, double Seconds);
}
