using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Harness.Cli.Launcher;
using Harness.Domain;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;

namespace Harness.Bench;

/// <summary>M6: what the harness adds to a real training, and what the start of a trial costs.</summary>
internal static class TrainingOverhead
{
    private const double TrialSeconds = 60;
    private const double MostShare = 1; // %
    private const double MostCold = 0.7; // CPU-s
    private const double MostWarm = 0.1;

    private static readonly string[] Around = ["silo", "database", "dashboard", "workers"];

    public static Mark Mark { get; } =
        new(
            "M6",
            "overhead of a real training",
            "One worker trains a GRU. What silo, database, dashboard and worker use while it trains is counted at two lengths; the part a trial and the part a second together give the overhead of a trial of 60 s; beside it what the same programs use when nothing runs. The trainer itself is run alone and under the worker in turns, beside two runs alone (A/A). The start is the trainer's CPU up to the end of its first step: cold in a fresh process, warm in one that stood ready.",
            MeasureAsync
        );

    private static async Task<Table> MeasureAsync(Scale scale)
    {
        var (few, many, pairs) = scale == Scale.Full ? (1_500, 7_500, 4) : (50, 200, 1);
        await using var rig = await Rig.StartAsync(workers: 1);
        await RunAsync(rig, "warm", few);
        var idle = await IdleAsync(TimeSpan.FromSeconds(scale == Scale.Full ? 60 : 2));
        var lines = await AroundAsync(rig, few, many, pairs);
        var share =
            100 * lines.Sum(line => line.Fixed + line.PerSecond * TrialSeconds) / TrialSeconds;
        var (ratio, same) = await TrainerAsync(rig, few, pairs);
        var trials = scale == Scale.Full ? 12 : 3;
        var cold = await StartsAsync(rig, "cold", trials, "throughput");
        // The first of them are cold: a spare trainer is started beside a short trial, for the one after it.
        var starts = await StartsAsync(rig, "warm-starts", 2 * trials, "");
        var warm = starts.Where(seconds => seconds < cold.Min() / 2).ToList();
        List<IReadOnlyList<string>> rows =
        [
            .. lines.Select(
                (line, place) =>
                    new[]
                    {
                        $"{Around[place]}: CPU-s a trial + CPU ms a second of training (idle)",
                        $"{Cell.Of(line.Fixed)} + {Cell.Of(line.PerSecond * 1_000)} ({Cell.Of(idle[place] * 1_000)})",
                    }
            ),
            ["all of them, % of the CPU of a trial of 60 s", Cell.Of(share)],
            ["of that, what they use idle, %", Cell.Of(100 * idle.Sum())],
            ["trainer under the worker / alone, CPU", Cell.Of(ratio)],
            ["trainer alone / alone (A/A), CPU", Cell.Of(same)],
            ["start of a trial, cold: CPU-s to the end of the first step", Cell.Of(cold)],
            [$"start in a spare trainer ({warm.Count} of {starts.Count} trials)", Cell.Of(warm)],
        ];
        return new Table(
            ["part", "median [least, greatest]"],
            rows,
            [
                new("overhead of a trial of 60 s", share, MostShare, "%"),
                new("cold start", Cell.Median(cold), MostCold, "CPU-s"),
                new("warm start", warm.Count > 0 ? Cell.Median(warm) : null, MostWarm, "CPU-s"),
            ]
        );
    }

    // What each program uses in a second when nothing runs.
    private static async Task<double[]> IdleAsync(TimeSpan time)
    {
        var before = CpuClock.Read();
        await Task.Delay(time);
        var after = CpuClock.Read();
        return
        [
            .. Around.Select(name => CpuClock.Between(before, after, name) / time.TotalSeconds),
        ];
    }

    // What everything but the trainer uses, program by program: a part a trial, and a part that grows with its time.
    private static async Task<List<(double Fixed, double PerSecond)>> AroundAsync(
        Rig rig,
        int few,
        int many,
        int pairs
    )
    {
        var lines = Around.Select(_ => new List<(double Fixed, double PerSecond)>()).ToList();
        for (var pair = 0; pair < pairs; pair++)
        {
            var low = await RunAsync(rig, $"low-{pair}", few);
            var high = await RunAsync(rig, $"high-{pair}", many);
            for (var place = 0; place < Around.Length; place++)
            {
                var perSecond =
                    (high.Around[place] - low.Around[place]) / (high.Seconds - low.Seconds);
                lines[place].Add((low.Around[place] - perSecond * low.Seconds, perSecond));
            }
        }

        return
        [
            .. lines.Select(line =>
                (
                    Cell.Median([.. line.Select(part => part.Fixed)]),
                    Cell.Median([.. line.Select(part => part.PerSecond)])
                )
            ),
        ];
    }

    private static async Task<(List<double> Ratio, List<double> Same)> TrainerAsync(
        Rig rig,
        int steps,
        int pairs
    )
    {
        var (ratio, same) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < pairs; pair++)
        {
            var first = await AloneAsync(Sweep($"alone-{pair}", steps));
            var under = await RunAsync(rig, $"alone-{pair}", steps);
            var second = await AloneAsync(Sweep($"alone-{pair}", steps));
            ratio.Add(under.Trainer / ((first + second) / 2));
            same.Add(second / first);
        }

        return (ratio, same);
    }

    // Trials that are short, one after the other.
    private static async Task<List<double>> StartsAsync(
        Rig rig,
        string name,
        int trials,
        string probes
    )
    {
        var sweep = await SubmitAsync(rig, Sweep(name, 2, trials, probes));
        List<double> seconds = [];
        await using var command = rig.Database.CreateCommand(
            $"select number_of(metrics, 'first_step_cpu_seconds') from v1_trials where sweep = '{sweep}'"
        );
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            seconds.Add(reader.GetDouble(0));
        }

        return seconds;
    }

    private static async Task<(double[] Around, double Trainer, double Seconds)> RunAsync(
        Rig rig,
        string name,
        int steps
    )
    {
        var before = CpuClock.Read();
        var began = TimeProvider.System.GetTimestamp();
        var sweep = await SubmitAsync(rig, Sweep(name, steps));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var after = CpuClock.Read();
        var trainer = await rig.ScalarAsync<double>(
            $"select sum(cpu_seconds) from v1_trials where sweep = '{sweep}'"
        );
        // A trainer that has ended is counted with its worker: what it said of itself is taken out.
        return (
            [
                .. Around.Select(name =>
                    CpuClock.Between(before, after, name) - (name == "workers" ? trainer : 0)
                ),
            ],
            trainer,
            seconds
        );
    }

    // Asked once a second: the question costs CPU too.
    private static async Task<string> SubmitAsync(Rig rig, string sweep)
    {
        var reply = await rig.SubmitAsync(sweep);
        await rig.UntilAsync(
            $"select state = 'completed' from sweep where id = {reply.Sweep![2..]}",
            TimeSpan.FromMinutes(5),
            TimeSpan.FromSeconds(1)
        );
        return reply.Sweep;
    }

    private static async Task<double> AloneAsync(string sweep)
    {
        var spec = SweepExpansion.Trials(SweepFile.Parse(sweep, []).Spec!).Single();
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Programs.Path("Training")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (variable, value) in TrainerVariables)
        {
            start.Environment[variable] = value;
        }

        using var trainer = Process.Start(start)!;
        await trainer.StandardInput.WriteLineAsync(
            JsonSerializer.Serialize(
                new TrainerRequest { Trial = spec },
                DomainJson.Default.TrainerRequest
            )
        );
        await trainer.StandardInput.FlushAsync();
        var last = "";
        while (await trainer.StandardOutput.ReadLineAsync() is { } line)
        {
            last = line;
        }

        await trainer.WaitForExitAsync();
        return
            JsonSerializer.Deserialize(last, DomainJson.Default.TrainerEvent)
                is TrainerResult result
            ? result.Metrics["cpu_seconds"]
            : throw new HarnessException($"The trainer alone did not end well: {last}");
    }

    // As a worker sets them (docs/measuring.md): another allocator would be another training.
    private static readonly Dictionary<string, string> TrainerVariables = new()
    {
        ["OMP_WAIT_POLICY"] = "passive",
        ["OMP_NUM_THREADS"] = "1",
        ["MALLOC_TRIM_THRESHOLD_"] = "-1",
        ["MALLOC_MMAP_THRESHOLD_"] = "4294967296",
    };

    private static string Sweep(string name, int steps, int seeds = 1, string probes = "throughput")
    {
        var salt = Encoding.UTF8.GetBytes(name).Sum(letter => letter) + name.Length;
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            version: 1
            name: {{name}}
            parameters:
              model: {value: gru}
              task: {value: parity}
              width: {value: 32}
              warmup_steps: {value: {{salt}}}
            seeds: {{seeds}}
            probes: [{{probes}}]
            budget: {steps: {{steps}}}
            """
        );
    }
}
