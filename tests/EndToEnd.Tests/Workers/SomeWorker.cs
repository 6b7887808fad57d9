using Harness.Worker;

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
}
