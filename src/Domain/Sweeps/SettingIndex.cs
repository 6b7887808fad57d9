using Harness.Domain.Catalogue;

namespace Harness.Domain.Sweeps;

/// <summary>Every setting that a sweep may name, from the trainer's catalogue.</summary>
/// <param name="catalogue">What the trainer offers.</param>
public sealed class SettingIndex(CatalogueFile catalogue)
{
    // These stand under keys of their own, so that a file says them in one way only.
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["max_trial_time"] = "budget.max_trial_time",
        ["memory"] = "resources[0].memory",
        ["checkpoint_every"] = "checkpoint.every",
        ["probes"] = "probes",
        ["seed"] = "seeds",
        ["seeds"] = "seeds",
    };

    /// <summary>The catalogue behind it.</summary>
    public CatalogueFile Catalogue { get; } = catalogue;

    /// <summary>Names that may stand under <c>parameters</c>.</summary>
    public IReadOnlyList<string> Names { get; } =
    [
        "model",
        "task",
        .. catalogue
            .Common.Concat(catalogue.Models.SelectMany(model => model.Parameters))
            .Concat(catalogue.Tasks.SelectMany(task => task.Parameters))
            .Select(parameter => parameter.Name)
            .Where(name => !Elsewhere.ContainsKey(name))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The key under which a setting stands instead, or null.</summary>
    public static string? KeyOf(string name) => Elsewhere.GetValueOrDefault(name);

    /// <summary>All definitions of that name; several where tasks or models use one name with other ranges.</summary>
    public IReadOnlyList<ParameterDefinition> Definitions(string name) =>
        name switch
        {
            "model" =>
            [
                Choice(name, "Sequence model.", Catalogue.Models.Select(model => model.Name)),
            ],
            "task" => [Choice(name, "Sequence task.", Catalogue.Tasks.Select(task => task.Name))],
            _ =>
            [
                .. Catalogue
                    .Common.Concat(Catalogue.Models.SelectMany(model => model.Parameters))
                    .Concat(Catalogue.Tasks.SelectMany(task => task.Parameters))
                    .Where(parameter => parameter.Name == name),
            ],
        };

    /// <summary>Definitions that apply to a cell of that model and task: common ones, the model's, the task's.</summary>
    public IEnumerable<ParameterDefinition> For(string model, string task) =>
        Catalogue
            .Common.Concat(Catalogue.Models.First(entry => entry.Name == model).Parameters)
            .Concat(Catalogue.Tasks.First(entry => entry.Name == task).Parameters);

    private static ParameterDefinition Choice(
        string name,
        string description,
        IEnumerable<string> choices
    ) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.Choice,
            Description = description,
            Choices = [.. choices],
        };
}
