namespace Harness.Storage.Invariants;

/// <summary>What a history holds (R18): promises that were never tried are not kept promises.</summary>
/// <param name="Completed">Results.</param>
/// <param name="Expired">Leases that expired.</param>
/// <param name="Fenced">Results that were refused, since the lease had passed on.</param>
/// <param name="Crashed">Processes of attempts that died.</param>
/// <param name="Drained">Attempts that were handed back.</param>
/// <param name="Periods">Starts of the dispatcher, and ends of outages.</param>
/// <param name="Epochs">Activations of the dispatcher.</param>
public sealed record FaultEvidence(
    long Completed,
    long Expired,
    long Fenced,
    long Crashed,
    long Drained,
    long Periods,
    long Epochs
);
