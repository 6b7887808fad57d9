using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Cli.Output;

/// <summary>Sweeps and trials as tables of text.</summary>
public static class SweepTables
{
    private static readonly string[] Reported =
    [
        "accuracy",
        "tokens_per_cpu_second",
        "peak_memory_bytes",
    ];

    /// <summary>A row a model and task: median over the seeds, with the least and the greatest.</summary>
    public static void Report(SweepDetail sweep)
    {
        var head = new List<string> { "task", "model", "cell", " trials" };
        head.AddRange(
            Reported.Select(name => $" {MetricCatalog.Find(name)!.Title.ToLowerInvariant()}")
        );
        var rows = SweepReport
            .Of(sweep)
            .Select(row =>
                (IReadOnlyList<string>)
                    [
                        row.Task,
                        row.Model,
                        row.Cell,
                        $"{row.Succeeded}/{row.Trials.Count}",
                        .. Reported.Select(name => Spread(name, row.Metric(name))),
                    ]
            )
            .ToList();
        Terminal.Table(head, rows);
    }

    /// <summary>A row a trial.</summary>
    public static void Trials(IReadOnlyList<TrialRow> trials) =>
        Terminal.Table(
            [
                "trial",
                "state",
                "model",
                "task",
                " seed",
                " attempts",
                " accuracy",
                " tokens/CPU-s",
                " peak",
                "worker",
                "reason",
            ],
            [
                .. trials.Select(row =>
                    (IReadOnlyList<string>)
                        [
                            row.Trial,
                            Domain.Words.Of(row.State),
                            row.Model,
                            row.Task,
                            $"{row.Seed}",
                            $"{row.Attempts}",
                            Format.Share(row.Accuracy),
                            Format.Rate(row.TokensPerCpuSecond),
                            Format.Bytes(row.PeakMemoryBytes),
                            row.Worker ?? Format.Absent,
                            row.Reason ?? "",
                        ]
                ),
            ]
        );

    /// <summary>A row a sweep.</summary>
    public static void Sweeps(IReadOnlyList<SweepSummary> sweeps) =>
        Terminal.Table(
            ["sweep", "name", "state", " trials", "submitted", "by"],
            [
                .. sweeps.Select(row =>
                    (IReadOnlyList<string>)
                        [
                            row.Sweep,
                            row.Name,
                            Domain.Words.Of(row.State),
                            $"{row.TrialCount}",
                            $"{row.SubmittedAt:yyyy-MM-dd HH:mm:ss}Z",
                            row.SubmittedBy,
                        ]
                ),
            ]
        );

    private static string Spread(string metric, Spread? spread) =>
        spread is null
            ? Format.Absent
            : $"{Format.Metric(metric, spread.Median)} [{Format.Metric(metric, spread.Min)}, {Format.Metric(metric, spread.Max)}]";
}
