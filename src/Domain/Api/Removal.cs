namespace Harness.Domain.Api;

/// <summary>What went with a sweep that was removed, or would have to.</summary>
/// <param name="Sweeps">Ids of the sweeps: several where they measure for one run of a claim.</param>
/// <param name="Claims">Claims whose run went with its verdict, e.g. <c>order (quick)</c>.</param>
/// <param name="Trials">Trials that no other sweep wants.</param>
public sealed record SweepRemoved(
    IReadOnlyList<string> Sweeps,
    IReadOnlyList<string> Claims,
    long Trials
);

/// <summary>What became of a removal.</summary>
/// <param name="Changed">Whether it was made; else why not, with the state of the sweep that hindered it.</param>
/// <param name="Removed">What went, or what would have to go together.</param>
public sealed record RemovalReply(SweepChanged Changed, SweepRemoved Removed);

/// <summary>One kind of what may go by its age.</summary>
/// <param name="Kind">Name, as an option of <c>harness gc</c>.</param>
/// <param name="Description">What it is.</param>
/// <param name="AgeSeconds">What is older goes; null where age does not matter.</param>
/// <param name="Rows">Rows that went, or would.</param>
public sealed record GarbageRow(string Kind, string Description, double? AgeSeconds, long Rows);

/// <summary>What a collection removed, or would remove.</summary>
/// <param name="DryRun">Whether nothing was removed.</param>
/// <param name="Kinds">A row a kind.</param>
public sealed record GarbageReport(bool DryRun, IReadOnlyList<GarbageRow> Kinds);
