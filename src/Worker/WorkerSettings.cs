using System.Globalization;
using System.Security.Cryptography;

namespace Harness.Worker;

/// <summary>What the environment told this program.</summary>
public sealed record WorkerSettings
{
    /// <summary>Id of this start of the worker.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Base URLs of the silos' workers' endpoints, tried in turn.</summary>
    public required IReadOnlyList<Uri> Silos { get; init; }

    /// <summary>Token that may join and nothing else.</summary>
    public required string JoinToken { get; init; }

    /// <summary>Attempts at a time.</summary>
    public required int Slots { get; init; }

    /// <summary>Cores that attempts may use together.</summary>
    public required int Cores { get; init; }

    /// <summary>Bytes that attempts may use together.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The machine.</summary>
    public required string HostId { get; init; }

    /// <summary>Folder with a subfolder an attempt.</summary>
    public required string Scratch { get; init; }

    /// <summary>The trainer's assembly, or an executable.</summary>
    public required string Trainer { get; init; }

    /// <summary>Bytes of the spool; beyond them the oldest points of curves go first.</summary>
    public long SpoolBytes { get; init; } = 256L << 20; // a day of eight trials that write ten points a second

    /// <summary>A trainer that says nothing for so long hangs.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(10); // longer than any one evaluation batch or probe

    /// <summary>Whether spare trainers are kept for short trials.</summary>
    public bool Standby { get; init; }

    /// <summary>Reads the environment; a message for people where a setting is missing or wrong.</summary>
    public static WorkerSettings Read()
    {
        var cores = (int)HostSettings.Integer("HARNESS_CORES", Environment.ProcessorCount, 1, 4096);
        return new WorkerSettings
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            Name = HostSettings.Find("HARNESS_WORKER_NAME") ?? Environment.MachineName,
            Silos =
            [
                .. HostSettings
                    .Require("HARNESS_SILO_URL", "the URL of a silo's workers' endpoint")
                    .Split(
                        ',',
                        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                    )
                    .Select(url => new Uri(url.TrimEnd('/') + "/")),
            ],
            JoinToken = HostSettings.Require("HARNESS_JOIN_TOKEN", "the join token of the silo"),
            Slots = (int)HostSettings.Integer("HARNESS_SLOTS", cores, 1, 1024),
            Cores = cores,
            MemoryBytes = HostSettings.Integer("HARNESS_MEMORY", HostFacts.MemoryBytes(), 1),
            HostId = HostSettings.Find("HARNESS_HOST_ID") ?? HostFacts.BootId(),
            Scratch = Path.GetFullPath(
                HostSettings.Find("HARNESS_SCRATCH")
                    ?? Path.Combine(
                        Path.GetTempPath(),
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"harness-worker-{Environment.ProcessId}"
                        )
                    )
            ),
            Trainer = HostSettings.Find("HARNESS_TRAINER") ?? DefaultTrainer(),
            SpoolBytes = HostSettings.Integer("HARNESS_SPOOL", 256L << 20, min: 1L << 20),
            Silence = TimeSpan.FromSeconds(HostSettings.Number("HARNESS_SILENCE", 600)),
            Standby = HostSettings.Choice("HARNESS_STANDBY", "auto", "off") == "auto",
        };
    }

    // artifacts/bin/Worker/release/ -> artifacts/bin/Training/release/
    private static string DefaultTrainer()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(
            own.Parent!.Parent!.FullName,
            "Training",
            own.Name,
            "Harness.Training.dll"
        );
    }
}
