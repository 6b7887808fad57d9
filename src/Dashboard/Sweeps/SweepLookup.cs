using Harness.Dashboard.Problems;
using Harness.Domain.Api;
using Harness.Storage.Readers;

namespace Harness.Dashboard.Sweeps;

/// <summary>Finds the sweep that an address names: <c>S-41</c>, <c>41</c> or <c>last</c>.</summary>
public static class SweepLookup
{
    /// <summary>The number, or null where there is no such sweep; a number is not looked up.</summary>
    public static async Task<long?> IdAsync(
        SweepReader sweeps,
        string text,
        CancellationToken cancellation
    ) =>
        text == "last" ? await sweeps.LastIdAsync(cancellation)
        : Ids.TrySweep(text, out var id) ? id
        : null;

    /// <summary>Why there is none: 400 for what is no id at all, else 404.</summary>
    public static ProblemAnswer Missing(string text) =>
        text == "last" ? ProblemAnswer.NotFound("sweep yet")
        : Ids.TrySweep(text, out _) ? ProblemAnswer.NotFound($"sweep {text}")
        : ProblemAnswer.BadId($"'{text}' is no id of a sweep: write S-1, 1 or last.");

    /// <summary>The whole sweep, or null.</summary>
    public static async Task<SweepDetail?> DetailAsync(
        SweepReader sweeps,
        string text,
        CancellationToken cancellation
    ) =>
        await IdAsync(sweeps, text, cancellation) is { } id
            ? await sweeps.FindAsync(id, cancellation)
            : null;
}
