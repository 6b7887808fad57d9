namespace Harness.Domain.Api;

/// <summary>A kind of what may go once it is old enough.</summary>
/// <param name="Name">Name of its option.</param>
/// <param name="Description">What it is.</param>
/// <param name="KeepSeconds">How long it is kept unless somebody says otherwise.</param>
public sealed record GarbageKind(string Name, string Description, double KeepSeconds)
{
    private const double Day = 24 * 3600;

    /// <summary>All kinds that have an age, in the order in which they go.</summary>
    public static IReadOnlyList<GarbageKind> All { get; } =
    [
        new("logs", "log lines of trials that ended", 30 * Day), // a month to look why something failed
        new("events", "history of removed sweeps and trials", 90 * Day), // a quarter to ask who removed it
        new("workers", "workers that left or were lost, and their hosts", 7 * Day), // longer than a holiday's outage
        new("keys", "idempotency keys of submits", Day), // no caller repeats a request for longer
    ];
}
