using Harness.Dashboard.Charts;
using Harness.Dashboard.Sweeps;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Domain.Metrics;

namespace Harness.Dashboard.Claims;

/// <summary>The numbers under a verdict: a dot a seed, a row a cell of the design.</summary>
public static class ClaimCharts
{
    // Values that differ by more than this factor are told apart on a logarithmic axis alone.
    private const double WideRange = 100;

    /// <summary>A chart a primary metric, of the trials that the verdict rests on.</summary>
    public static IReadOnlyList<DotChart> Of(Verdict verdict, IReadOnlyList<TrialRow> rows)
    {
        var used = verdict.Inputs.Trials.ToHashSet();
        var cells = SweepCells.Of([.. rows.Where(row => used.Contains(row.Trial))]);
        return
        [
            .. verdict
                .Parts.GroupBy(part => part.Metric)
                .Select(parts => Of(parts.Key, [.. parts], cells))
                .OfType<DotChart>(),
        ];
    }

    private static DotChart? Of(
        string metric,
        IReadOnlyList<PartVerdict> parts,
        IReadOnlyList<SweepCell> cells
    )
    {
        string Say(double value) => Format.Metric(metric, value);
        var groups = cells
            .GroupBy(cell => cell.Task)
            .Select(task => DotRows.Of([.. task], metric))
            .Where(group => group.Rows.Count > 0)
            .ToList();
        if (groups.Count == 0)
        {
            return null;
        }

        var definition = MetricCatalog.Find(metric);
        var caption = metric.Replace('_', ' ');
        return new DotChart
        {
            Caption = char.ToUpperInvariant(caption[0]) + caption[1..],
            Note =
                $"{string.Join(", ", parts.Select(part => part.Id))}; {definition?.Description ?? metric}",
            Finding = Findings.OfDots(caption, groups, Say),
            X = Scale(
                definition,
                [
                    .. groups.SelectMany(group =>
                        group.Rows.SelectMany(row => row.Dots.Select(dot => dot.Value))
                    ),
                ],
                Say
            ),
            Groups = groups.Count == 1 ? [groups[0] with { Name = "" }] : groups,
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
