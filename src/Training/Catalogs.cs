using Harness.Domain;
using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Probes;
using Harness.Training.Tasks;

namespace Harness.Training;

/// <summary>What a trainer offers. A value, so that a test can offer one model more without touching the shipped list.</summary>
/// <param name="Models">Sequence models.</param>
/// <param name="Tasks">Sequence tasks.</param>
/// <param name="Probes">Measurements beside training.</param>
public sealed record Catalogs(
    IReadOnlyList<ModelDefinition> Models,
    IReadOnlyList<TaskDefinition> Tasks,
    IReadOnlyList<ProbeDefinition> Probes
)
{
    /// <summary>What is shipped.</summary>
    public static Catalogs Shipped { get; } =
        new(ModelCatalog.All, TaskCatalog.All, ProbeCatalog.All);

    /// <summary>The same for everything outside the trainer; the committed file is that of <see cref="Shipped"/>.</summary>
    public CatalogueFile File =>
        new()
        {
            Numerics = Numerics.Version,
            Common = CommonParameters.All,
            Models = [.. Models.Select(model => model.Entry)],
            Tasks = [.. Tasks.Select(task => task.Entry)],
            Probes = [.. Probes.Select(probe => probe.Entry)],
        };

    /// <summary>Model and task of a trial; throws where there are none, or where the trial leaves a setting of theirs open.</summary>
    public (ModelDefinition Model, TaskDefinition Task) Find(TrialSpec spec)
    {
        var model =
            Models.FirstOrDefault(model => model.Entry.Name == spec.Model)
            ?? throw Unknown("model", spec.Model, Models.Select(model => model.Entry.Name));
        var task =
            Tasks.FirstOrDefault(task => task.Entry.Name == spec.Task)
            ?? throw Unknown("task", spec.Task, Tasks.Select(task => task.Entry.Name));
        if (spec.DataHash != task.Entry.DataHash)
        {
            throw new HarnessException(
                $"The trial was made for other data than this trainer reads for {spec.Task}: use a worker of the same version as the silo.",
                HarnessException.Infrastructure
            );
        }

        var open = CommonParameters
            .All.Concat(model.Entry.Parameters)
            .Concat(task.Entry.Parameters)
            .Select(parameter => parameter.Name)
            .Where(name => !spec.Settings.ContainsKey(name))
            .ToList();
        return open.Count == 0
            ? (model, task)
            : throw new HarnessException(
                $"The trial leaves settings open: give it {string.Join(", ", open)}.",
                HarnessException.BadInput
            );
    }

    private static HarnessException Unknown(string kind, string name, IEnumerable<string> known) =>
        new(
            $"This trainer has no {kind} '{name}': it has {string.Join(", ", known)}.",
            HarnessException.BadInput
        );
}
