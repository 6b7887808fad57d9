using Harness.Domain;
using Harness.Domain.Sweeps;

namespace Harness.Silo.Checkpoints;

/// <summary>Where checkpoints lie, and how many bytes they may have.</summary>
/// <param name="Folder">The folder; silos of one cluster share it.</param>
/// <param name="Quota">Bytes of all of them together.</param>
public sealed record CheckpointSettings(string Folder, long Quota)
{
    private const string DefaultQuota = "20GiB"; // two of a hundred trials of ten million parameters with their optimizer

    /// <summary>From <c>HARNESS_CHECKPOINTS</c> and <c>HARNESS_CHECKPOINT_QUOTA</c>.</summary>
    public static CheckpointSettings Read()
    {
        var folder =
            HostSettings.Find("HARNESS_CHECKPOINTS")
            ?? Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.LocalApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                "harness",
                "checkpoints"
            );
        var quota = HostSettings.Find("HARNESS_CHECKPOINT_QUOTA") ?? DefaultQuota;
        return new(
            Path.GetFullPath(folder),
            Units.Bytes(quota)
                ?? throw new HarnessException(
                    $"HARNESS_CHECKPOINT_QUOTA is '{quota}': give {Units.SizeGrammar}.",
                    HarnessException.BadInput
                )
        );
    }
}
