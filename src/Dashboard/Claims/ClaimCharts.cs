using Harness.Dashboard.Charts;
using Harness.Dashboard.Sweeps;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Domain.Metrics;

namespace Harness.Dashboard.Claims;

/// <summary>The numbers under a verdict: a dot a seed, a row an arm, or a cell of an arm that has more than one.</summary>
public static class ClaimCharts
{
    // Values that differ by more than this factor are told apart on a logarithmic axis alone.
    private const double WideRange = 100;

    /// <summary>A chart a part, of the trials that the verdict rests on.</summary>
    public static IReadOnlyList<DotChart> Of(
        ClaimDefinition claim,
        Verdict verdict,
        IReadOnlyList<TrialRow> rows
    )
    {
        var profile = claim.Profiles.First(one => one.Name == verdict.Profile);
        var evidence = Evidence.Of(claim, profile, verdict.Look.Number, rows);
        return
        [
            .. claim
                .Parts.Select(part =>
                    Of(
                        part,
                        [
                            .. part
                                .Against.Prepend(part.Arm)
                                .SelectMany(arm =>
                                    Rows(arm, [.. evidence.Rows(claim.Arms[arm])], part.Metric)
                                ),
                        ]
                    )
                )
                .OfType<DotChart>(),
        ];
    }

    private static IEnumerable<DotRow> Rows(
        string arm,
        IReadOnlyList<TrialRow> trials,
        string metric
    )
    {
        var cells = SweepCells.Of(trials);
        return cells
            .Select(cell =>
                DotRows.Of(
                    cell,
                    cells.Count == 1 ? arm : string.Join(' ', cell.Varied.Values),
                    metric
                )
            )
            .Where(row => row.Dots.Count > 0);
    }

    private static DotChart? Of(ClaimPart part, IReadOnlyList<DotRow> rows)
    {
        if (rows.Count == 0)
        {
            return null;
        }

        string Say(double value) => Format.Metric(part.Metric, value);
        var definition = MetricCatalog.Find(part.Metric);
        var caption = $"{part.Id}: {part.Metric.Replace('_', ' ')}";
        IReadOnlyList<DotGroup> groups = [new("", rows)];
        return new DotChart
        {
            Caption = caption,
            Note = definition?.Description ?? part.Metric,
            Finding = Findings.OfDots(caption, groups, Say),
            X = Scale(
                definition,
                [.. rows.SelectMany(row => row.Dots.Select(dot => dot.Value))],
                Say
            ),
            Groups = groups,
            Value = Say,
        };
    }

    private static Axis Scale(
        MetricDefinition? metric,
        IReadOnlyList<double> values,
        Func<double, string> say
    )
    {
        var above = values.Where(value => value > 0).ToList();
        return metric?.Format == "share" ? Axis.Share()
            : above.Count > 0 && above.Max() > WideRange * above.Min()
                ? Axis.Log(above, LogSteps.Decimal, say)
            : Axis.Linear(values, say);
    }
}
