using Harness.Domain.Trials;

namespace Harness.Training.Tests;

/// <summary>Trials with every setting at its default, made small.</summary>
internal static class SomeTrial
{
    public static TrialSpec Of(string model, string task, Catalogs? catalogs = null)
    {
        var catalogue = (catalogs ?? Catalogs.Shipped).File;
        var offered = catalogue.Tasks.First(entry => entry.Name == task);
        var settings = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal);
        foreach (
            var parameter in catalogue
                .Common.Concat(catalogue.Models.First(entry => entry.Name == model).Parameters)
                .Concat(offered.Parameters)
        )
        {
            settings[parameter.Name] = parameter.Default!.Value;
        }

        var spec = new TrialSpec
        {
            Model = model,
            Task = task,
            Seed = 1,
            Settings = settings,
            DataHash = offered.DataHash,
            Numerics = Numerics.Version,
        };
        return spec.With("steps", 20)
            .With("width", 16)
            .With("batch", 8)
            .With("evaluation_sequences", 16)
            .With("data_type", "float64");
    }

    public static TrialSpec With(this TrialSpec spec, string name, long value) =>
        spec.With(name, SettingValue.Of(value));

    public static TrialSpec With(this TrialSpec spec, string name, double value) =>
        spec.With(name, SettingValue.Of(value));

    public static TrialSpec With(this TrialSpec spec, string name, string value) =>
        spec.With(name, SettingValue.Of(value));

    private static TrialSpec With(this TrialSpec spec, string name, SettingValue value) =>
        spec with
        {
            Settings = new(spec.Settings, StringComparer.Ordinal) { [name] = value },
        };
}
