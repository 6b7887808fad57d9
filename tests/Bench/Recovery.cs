namespace Harness.Bench;

/// <summary>M13: how soon work goes on after a death.</summary>
internal static class Recovery
{
    private const double Lease = 20; // s, the default of the dispatcher

    public static Mark Mark { get; } =
        new(
            "M13",
            "recovery",
            "Two real workers hold sleeping trials; one is killed (kill -9, and with it its trainers), and the time to the next lease of a trial of it is read from the event table. Then the database is stopped at once (SIGQUIT) under 16 simulated workers; the launcher starts it again.",
            MeasureAsync
        );

    private static async Task<Table> MeasureAsync(Scale scale)
    {
        var worker = await WorkerAsync(scale == Scale.Full ? 2 : 1);
        var (back, progress) = await DatabaseAsync(scale == Scale.Full ? 3 : 1);
        return new Table(
            ["what died", "s until work goes on, median [least, greatest]"],
            [
                ["a worker: its trial is leased again", Cell.Of(worker)],
                ["the database: it answers again", Cell.Of(back)],
                ["the database: the first commit of a worker's news after that", Cell.Of(progress)],
            ],
            [
                new Figure("trial of a killed worker", worker.Max(), Lease + 2, "s"),
                new Figure("progress after the database's return", progress.Max(), 5, "s"),
            ]
        );
    }

    private static async Task<List<double>> WorkerAsync(int times)
    {
        var seconds = new List<double>();
        await using var rig = await Rig.StartAsync(workers: 2);
        for (var time = 0; time < times; time++)
        {
            await rig.SubmitAsync(
                Rig.Sweep($"asleep-{time}", 2, "task: {value: sleep}\n  seconds: {value: 300}")
            );
            await rig.UntilAsync(
                "select count(*) >= 2 from attempt where state = 'started'",
                TimeSpan.FromSeconds(60)
            );
            var victim = ProcessTable.Read().Running("Harness.Worker.dll").First().Id;
            var tokens = await rig.ScalarAsync<long>("select max(token) from attempt");
            var began = TimeProvider.System.GetTimestamp();
            Machine.Signal(victim, "KILL");
            await rig.UntilAsync(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"select exists (select from attempt where token > {tokens} and number > 1)"
                ),
                TimeSpan.FromSeconds(90)
            );
            seconds.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        }

        return seconds;
    }

    private static async Task<(List<double> Back, List<double> Progress)> DatabaseAsync(int times)
    {
        var (back, progress) = (new List<double>(), new List<double>());
        await using var rig = await Rig.StartAsync();
        using var fleet = await Fleet.JoinAsync(rig, workers: 16, slots: 16);
        await rig.SubmitAsync(Rig.Sweep("long", 100_000));
        var running = fleet.RunAsync(int.MaxValue, TimeSpan.FromSeconds(20 * times));
        for (var time = 0; time < times; time++)
        {
            await rig.UntilAsync(
                "select coalesce(max(recorded_at) > pg_postmaster_start_time() + interval '3 seconds', false) from result",
                TimeSpan.FromSeconds(60)
            );
            var server = ProcessTable
                .Read()
                .Running("postgres -D")
                .First(row => !row.CommandLine.StartsWith("/bin/sh", StringComparison.Ordinal))
                .Id;
            var started = await rig.ScalarAsync<string>("select pg_postmaster_start_time()::text");
            var began = TimeProvider.System.GetTimestamp();
            Machine.Signal(server, "QUIT");
            await rig.UntilAsync(
                $"select pg_postmaster_start_time()::text <> '{started}'",
                TimeSpan.FromSeconds(60)
            );
            back.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            var returned = TimeProvider.System.GetTimestamp();
            await rig.UntilAsync(
                "select coalesce(max(recorded_at) > pg_postmaster_start_time(), false) from result",
                TimeSpan.FromSeconds(60)
            );
            progress.Add(TimeProvider.System.GetElapsedTime(returned).TotalSeconds);
        }

        await running;
        return (back, progress);
    }
}
