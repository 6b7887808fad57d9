namespace Harness.Storage.Invariants;

/// <summary>A promise about the history, as one query over it.</summary>
/// <param name="Id">Its number, e.g. <c>R3</c>.</param>
/// <param name="Promise">What holds.</param>
/// <param name="Query">
/// $1 = a transaction id as text: histories that changed before it are not looked at. A row is a violation, in words.
/// </param>
public sealed record Invariant(string Id, string Promise, string Query);

/// <summary>A promise that does not hold.</summary>
/// <param name="Invariant">Its number.</param>
/// <param name="What">What is wrong, with the trial or sweep.</param>
public sealed record Violation(string Invariant, string What);

/// <summary>What a look at the history found.</summary>
/// <param name="Violations">Empty: every promise holds.</param>
/// <param name="Next">Where the next look begins.</param>
public sealed record InvariantReport(IReadOnlyList<Violation> Violations, string Next);
