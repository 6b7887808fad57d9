using System.Text.Json;
using Harness.Dashboard.Charts;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Domain.Trials;

namespace Harness.Dashboard.Claims;

/// <summary>What the page of a claim shows.</summary>
/// <param name="Claim">The claim and its run.</param>
/// <param name="Verdict">What the run was judged to show, or null.</param>
/// <param name="Trials">Trials of the run.</param>
/// <param name="Ended">Of them, those that have ended.</param>
/// <param name="Charts">A chart a part.</param>
public sealed record ClaimView(
    ClaimRow Claim,
    Verdict? Verdict,
    int Trials,
    int Ended,
    IReadOnlyList<DotChart> Charts
)
{
    /// <summary>Puts it together.</summary>
    /// <param name="claim">The claim and its run.</param>
    /// <param name="file">The claim's file as the run registered it, or null where there is no run.</param>
    /// <param name="rows">Trials of the run's sweeps.</param>
    public static ClaimView Of(ClaimRow claim, string? file, IReadOnlyList<TrialRow> rows)
    {
        var verdict = claim.Document is { } document
            ? JsonSerializer.Deserialize(document, DomainJson.Default.Verdict)
            : null;
        return new ClaimView(
            claim,
            verdict,
            rows.Count,
            rows.Count(row =>
                row.State
                    is TrialState.Succeeded
                        or TrialState.Failed
                        or TrialState.Quarantined
                        or TrialState.Cancelled
            ),
            verdict is null || file is null
                ? []
                : ClaimCharts.Of(ClaimFile.Read(file), verdict, rows)
        );
    }
}
