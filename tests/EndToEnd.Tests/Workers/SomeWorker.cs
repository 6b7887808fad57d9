using Harness.Domain.Workers;
using Harness.Worker;
using Harness.Worker.Attempts;
using Harness.Worker.Silo;
using Harness.Worker.Standby;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>What the environment tells a worker of a test.</summary>
internal static class SomeWorker
{
    public static WorkerSettings Settings(string scratch, string trainer) =>
        new()
        {
            Id = "w",
            Name = "w",
            Silos = [],
            JoinToken = "",
            Slots = 1,
            Cores = 1,
            MemoryBytes = 1,
            HostId = "h",
            Scratch = scratch,
            Trainer = trainer,
        };

    /// <summary>An attempt of it.</summary>
    public static Attempt Attempt(Lease lease, WorkerSettings settings) =>
        new(
            lease,
            settings,
            new StandbyTrainers(settings, NullLogger<StandbyTrainers>.Instance),
            new CheckpointClient(settings)
        );
}
