namespace Harness.Faults;

/// <summary>What is done to whom.</summary>
internal enum FaultKind
{
    /// <summary>A trainer is killed.</summary>
    TrainerKilled,

    /// <summary>A worker is killed, and started again.</summary>
    WorkerKilled,

    /// <summary>A worker is stopped for longer than its leases, and then goes on: it writes late.</summary>
    WorkerStopped,

    /// <summary>A worker is asked to end, and started again.</summary>
    WorkerDrained,

    /// <summary>The silo is killed, and started again.</summary>
    SiloKilled,

    /// <summary>The silo is stopped for a while, and then goes on.</summary>
    SiloStopped,

    /// <summary>The dashboard is killed, and started again.</summary>
    DashboardKilled,

    /// <summary>PostgreSQL is stopped at once, without a checkpoint, and started again.</summary>
    DatabaseStopped,

    /// <summary>PostgreSQL and all of its sessions are stopped with their sockets open, and then go on.</summary>
    DatabaseHung,

    /// <summary>A session of the silo is killed: PostgreSQL ends all others and recovers.</summary>
    SessionKilled,

    /// <summary>The silo's connection is cut before a commit reaches PostgreSQL.</summary>
    CutBeforeCommit,

    /// <summary>The silo's connection is cut when PostgreSQL has the commit and its answer is on the way.</summary>
    CutAfterCommit,
}

/// <summary>One fault of a plan.</summary>
/// <param name="At">When, from the start of the run.</param>
/// <param name="Kind">What.</param>
/// <param name="For">How long the victim is stopped, or away before it is started again.</param>
/// <param name="Pick">Chooses among the victims that there are then.</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, TimeSpan For, int Pick);
