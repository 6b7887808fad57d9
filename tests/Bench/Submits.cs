using System.Globalization;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Bench;

/// <summary>M9: the submit of a large sweep.</summary>
internal static class Submits
{
    public static Mark Mark { get; } =
        new(
            "M9",
            "submit of a large sweep",
            "The file is posted to the API; the time ends with the answer, when all trials are in the table. Memory is the highest that the kernel saw of each program.",
            MeasureAsync
        );

    private static async Task<Table> MeasureAsync(Scale scale)
    {
        (int Trials, double Goal)[] sweeps =
            scale == Scale.Full ? [(100_000, 5), (1_000_000, 60)] : [(2_000, 5)];
        var rows = new List<IReadOnlyList<string>>();
        var figures = new List<Figure>();
        await using var rig = await Rig.StartAsync();
        await rig.SubmitAsync(Rig.Sweep("warm", 2_000));
        foreach (var (trials, goal) in sweeps)
        {
            var (row, seconds) = await SubmitAsync(rig, trials);
            rows.Add([trials.ToString("#,0", CultureInfo.InvariantCulture), .. row]);
            figures.Add(
                new Figure(
                    string.Create(CultureInfo.InvariantCulture, $"submit of {trials:#,0} trials"),
                    seconds,
                    goal,
                    "s"
                )
            );
        }

        return new Table(
            [
                "trials",
                "s",
                "dashboard CPU s",
                "silo CPU s",
                "database CPU s",
                "dashboard peak MiB",
                "silo peak MiB",
            ],
            rows,
            figures
        );
    }

    private static async Task<(IReadOnlyList<string> Row, double? Seconds)> SubmitAsync(
        Rig rig,
        int trials
    )
    {
        var table = ProcessTable.Read();
        var silo = table.Running("Harness.Silo.dll").Single().Id;
        var dashboard = table.Running("Harness.Dashboard.dll").Single().Id;
        Machine.ForgetPeak(silo);
        Machine.ForgetPeak(dashboard);
        var before = CpuClock.Read();
        var began = TimeProvider.System.GetTimestamp();
        SubmitReply reply;
        try
        {
            reply = await rig.SubmitAsync(Rig.Sweep($"large-{trials}", trials));
        }
        catch (HarnessException refused)
        {
            Console.Error.WriteLine($"  {refused.Message}");
            return (["refused", "", "", "", "", ""], null);
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var after = CpuClock.Read();
        if (reply.Trials != trials)
        {
            throw new InvalidOperationException($"{reply.Trials} trials instead of {trials}");
        }

        return (
            [
                Cell.Of(seconds),
                Cell.Of(CpuClock.Between(before, after, "dashboard")),
                Cell.Of(CpuClock.Between(before, after, "silo")),
                Cell.Of(CpuClock.Between(before, after, "database")),
                Cell.Of(Machine.PeakMebibytes(dashboard)),
                Cell.Of(Machine.PeakMebibytes(silo)),
            ],
            seconds
        );
    }
}
