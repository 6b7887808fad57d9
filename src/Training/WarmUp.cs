using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using Harness.Training.Measure;
using Harness.Training.Tasks;

namespace Harness.Training;

/// <summary>
/// What a spare trainer does before its trial comes: a tiny trial of every model. The code is compiled and the library
/// has chosen its kernels then; no random stream of a trial knows of it, and its memory is given back.
/// </summary>
public static class WarmUp
{
    private const int Few = 2; // sequences and steps: as little as makes every part run

    private static readonly string[] Small = ["batch", "steps", "evaluation_sequences"];

    /// <summary>Trains each model, and thereby each task that draws its data.</summary>
    public static void Run(Catalogs catalogs)
    {
        var tasks = catalogs
            .Tasks.OfType<TrainedTask>()
            .Where(task => task.Entry.DataFile is null)
            .ToList();
        foreach (var (index, model) in catalogs.Models.Index())
        {
            var spec = Tiny(model.Entry, tasks[index % tasks.Count].Entry);
            new TrainingRun(spec, catalogs, new EventWriter(Stream.Null)).Run();
        }

        ProcessMemory.GiveBack();
    }

    private static TrialSpec Tiny(ModelEntry model, TaskEntry task)
    {
        var settings = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal);
        foreach (
            var parameter in CommonParameters.All.Concat(model.Parameters).Concat(task.Parameters)
        )
        {
            settings[parameter.Name] =
                Small.Contains(parameter.Name) ? SettingValue.Of((long)Few)
                : parameter.Name == "probes" ? SettingValue.Of("")
                : parameter.Default ?? SettingValue.Of((long)Math.Ceiling(parameter.Min ?? Few));
        }

        return new TrialSpec
        {
            Model = model.Name,
            Task = task.Name,
            Seed = 0,
            Settings = settings,
            Numerics = Numerics.Version,
        };
    }
}
