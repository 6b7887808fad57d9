using Harness.Domain.Catalogue;
using Harness.Training.Models;
using Harness.Training.Probes;
using Harness.Training.Tasks;

namespace Harness.Training;

/// <summary>What this trainer is.</summary>
public static class Numerics
{
    /// <summary>Raised when the same settings would give other numbers than before. It is part of a trial's identity.</summary>
    public const int Version = 1;

    /// <summary>The catalogue, as it is committed.</summary>
    public static CatalogueFile Catalogue { get; } =
        new()
        {
            Numerics = Version,
            Common = CommonParameters.All,
            Models = [.. ModelCatalog.All.Select(model => model.Entry)],
            Tasks = [.. TaskCatalog.All.Select(task => task.Entry)],
            Probes = [.. ProbeCatalog.All.Select(probe => probe.Entry)],
        };
}
