using Harness.Dashboard.Charts;
using Harness.Dashboard.Sweeps;
using Harness.Domain.Api;

namespace Harness.Dashboard.Reports;

/// <summary>A report of one sweep, ready to be written in any form.</summary>
public sealed record ReportView
{
    /// <summary>The sweep.</summary>
    public required SweepDetail Sweep { get; init; }

    /// <summary>What it says, a row a cell.</summary>
    public required IReadOnlyList<SweepReportRow> Rows { get; init; }

    /// <summary>Charts.</summary>
    public required IReadOnlyList<SweepChart> Charts { get; init; }

    /// <summary>What went wrong.</summary>
    public required IReadOnlyList<FailureCause> Causes { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>The report of a sweep.</summary>
    public static ReportView Of(
        SweepDetail sweep,
        IReadOnlyDictionary<string, IReadOnlyList<ChartPoint>> losses,
        DateTimeOffset madeAt
    ) =>
        new()
        {
            Sweep = sweep,
            Rows = SweepReport.Of(sweep),
            Charts = SweepChart.All(sweep, losses),
            Causes = FailureCauses.Of(sweep.Trials),
            MadeAt = madeAt,
        };
}
