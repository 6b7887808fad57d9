namespace Harness.Grains.Dispatch;

/// <summary>Times of the dispatcher.</summary>
public sealed class DispatchOptions
{
    /// <summary>Length of a lease, on the database's clock. Default: 20.</summary>
    public double LeaseSeconds { get; set; } = 20;

    /// <summary>How often a worker is to give a sign of life. Default: 5.</summary>
    public double BeatSeconds { get; set; } = 5;

    /// <summary>How long a sync is held when there is nothing to say. Default: 4.</summary>
    public double HoldSeconds { get; set; } = 4;

    /// <summary>How often leases, waits and workers are looked at. Default: 1.</summary>
    public double TickSeconds { get; set; } = 1;

    /// <summary>Wait after the first counted failure; it doubles with each, up to a minute. Default: 1.</summary>
    public double BackOffSeconds { get; set; } = 1;

    /// <summary>How long a commit waits at most for workers that were just answered and will speak again. Default: 4.</summary>
    public double GatherMilliseconds { get; set; } = 4;

    /// <summary>Pending trials of a sweep that are kept in memory. Default: 2,000.</summary>
    public int Window { get; set; } = 2_000;

    /// <summary>How often the promises about the history are checked. Default: 60, since it reads all that changed.</summary>
    public double InvariantSeconds { get; set; } = 60;
}
