using System.Globalization;
using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Domain.Sweeps;

/// <summary>What can be judged only of whole cells: their number, settings that do not apply, settings that do not fit.</summary>
/// <param name="index">What may be named.</param>
/// <param name="problems">Where faults go.</param>
public sealed class CellChecker(SettingIndex index, Problems problems)
{
    private const long MostHeads = 64; // as the catalogue says

    /// <summary>Checks every cell; stops at the cap.</summary>
    public void Check(SweepSpec spec, YamlMap file)
    {
        if (SweepExpansion.Count(spec) is var count && count > SweepExpansion.Cap)
        {
            TooMany(spec, file, count);
            return;
        }

        if (count == 0)
        {
            NoneLeft(spec, file);
        }

        foreach (var cell in SweepExpansion.Cells(spec))
        {
            if (
                !cell.TryGetValue("model", out var model) || !cell.TryGetValue("task", out var task)
            )
            {
                problems.Add(
                    "field.required",
                    "/trials",
                    Place(file, "trials"),
                    "Every cell needs a model and a task."
                );
                continue;
            }

            Applies(cell, model.Text, task.Text, file);
            Fits(spec, cell, model.Text, task.Text, file);
        }
    }

    // Which of several constraints is the too wide one, a person should not have to find out.
    private void NoneLeft(SweepSpec spec, YamlMap file)
    {
        var alone = spec
            .Excluded.ToList()
            .FindIndex(exclusion =>
                SweepExpansion.Count(spec with { Excluded = [exclusion] }) == 0
            );
        var list = file.Find("constraints")?.Value as YamlList;
        problems.Add(
            "sweep.zero_trials",
            alone < 0 ? "/constraints" : $"/constraints/{alone}",
            alone < 0 || list is null ? Place(file, "constraints") : list.Items[alone],
            alone < 0
                ? "The constraints together exclude every trial: narrow one of them."
                : "This constraint excludes every trial: narrow it, or take it out."
        );
    }

    private void TooMany(SweepSpec spec, YamlMap file, UInt128 count)
    {
        var largest = spec
            .Parameters.OrderByDescending(pair => pair.Value.Values.Count)
            .Take(3)
            .Select(pair => $"{pair.Key} ({pair.Value.Values.Count:#,0})")
            .Append($"seeds ({spec.Seeds.Count:#,0})");
        var number =
            count == UInt128.MaxValue
                ? "more than 10^38"
                : count.ToString("#,0", CultureInfo.InvariantCulture);
        problems.Add(
            "sweep.too_large",
            "/parameters",
            Place(file, "parameters"),
            $"The sweep has {number} trials; {SweepExpansion.Cap:#,0} are allowed. Most come from {string.Join(", ", largest)}."
        );
    }

    private void Applies(
        SortedDictionary<string, SettingValue> cell,
        string model,
        string task,
        YamlMap file
    )
    {
        var known = index
            .For(model, task)
            .Select(definition => definition.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var name in cell.Keys.Where(name =>
                name is not ("model" or "task") && !known.Contains(name)
            )
        )
        {
            problems.Add(
                "parameter.not_applicable",
                $"/parameters/{name}",
                Place(file, "parameters", name),
                $"'{name}' does not apply to model {model} with task {task}; set it in an override for the cells that have it.",
                known.Order(StringComparer.Ordinal)
            );
        }
    }

    private void Fits(
        SweepSpec spec,
        SortedDictionary<string, SettingValue> cell,
        string model,
        string task,
        YamlMap file
    )
    {
        foreach (var definition in index.For(model, task))
        {
            if (cell.TryGetValue(definition.Name, out var value) && !Takes(definition, value))
            {
                problems.Add(
                    "range",
                    $"/parameters/{definition.Name}",
                    Place(file, "parameters", definition.Name),
                    $"{definition.Name} {value} is not for model {model} with task {task}.",
                    definition.Choices
                        ??
                        [
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{definition.Min} to {definition.Max}"
                            ),
                        ]
                );
            }
        }

        var served = index.Catalogue.Models.First(entry => entry.Name == model).Probes;
        foreach (
            var probe in spec.Budget["probes"]
                .Text.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Except(served)
        )
        {
            problems.Add(
                "probe.unserved",
                "/probes",
                Place(file, "probes"),
                $"The model {model} cannot serve the probe {probe}.",
                served
            );
        }

        Together(cell, model, task, file);
    }

    private static bool Takes(ParameterDefinition definition, SettingValue value) =>
        definition.Kind switch
        {
            ParameterKind.Choice => definition.Choices is null
                || (value.IsText && definition.Choices.Contains(value.Text)),
            ParameterKind.Flag => value.IsFlag,
            _ => value.IsNumber
                && value.Number >= (definition.Min ?? double.MinValue)
                && value.Number <= (definition.Max ?? double.MaxValue),
        };

    // Pairs of settings that cannot stand together; both are named.
    private void Together(
        SortedDictionary<string, SettingValue> cell,
        string model,
        string task,
        YamlMap file
    )
    {
        SettingValue? Of(string name) =>
            cell.TryGetValue(name, out var value)
                ? value
                : index
                    .For(model, task)
                    .FirstOrDefault(definition => definition.Name == name)
                    ?.Default;

        if (Of("heads") is { } heads && Of("width") is { } width)
        {
            if (width.Integer % heads.Integer != 0)
            {
                var isWritten = cell.ContainsKey("heads");
                var divisors = Enumerable
                    .Range(1, (int)Math.Min(MostHeads, width.Integer))
                    .Where(n => width.Integer % n == 0)
                    .Select(n => $"{n}");
                problems.Add(
                    "model.heads",
                    "/parameters/heads",
                    Place(file, "parameters", isWritten ? "heads" : "width"),
                    $"heads {heads}{(isWritten ? "" : ", which is the default,")} does not divide width {width}: give heads one of the allowed values, or take another width.",
                    divisors
                );
            }
            else if (
                Of("positions") is { IsText: true, Text: "rotary" }
                && width.Integer / heads.Integer % 2 != 0
            )
            {
                problems.Add(
                    "model.heads",
                    "/parameters/heads",
                    Place(file, "parameters", "heads"),
                    $"positions rotary turns pairs: width {width} / heads {heads} must be even."
                );
            }
        }

        if (
            Of("activation") is { IsText: true, Text: "linear" }
            && Of("kernel") is { IsText: true, Text: "fused" }
        )
        {
            problems.Add(
                "model.kernel",
                "/parameters/activation",
                Place(file, "parameters", "activation"),
                "activation linear needs kernel textbook: the fused kernel has no linear one."
            );
        }

        if (task == "char-lm" && Of("mask") is { IsText: true, Text: "full" })
        {
            problems.Add(
                "task.leak",
                "/parameters/mask",
                Place(file, "parameters", "mask"),
                "mask full with task char-lm shows the model the very characters that it is to predict."
            );
        }
    }

    // Where a person looks for it: the parameter, else an override that sets it, else the key, else the file.
    private static YamlNode Place(YamlMap file, string key, string? name = null)
    {
        var entry = file.Find(key);
        if (name is null)
        {
            return entry?.Key ?? (YamlNode)file;
        }

        var inOverride = (file.Find("overrides")?.Value as YamlList)
            ?.Items.OfType<YamlMap>()
            .Select(item => (item.Find("set")?.Value as YamlMap)?.Find(name)?.Key)
            .FirstOrDefault(found => found is not null);
        return (entry?.Value as YamlMap)?.Find(name)?.Key
            ?? inOverride
            ?? entry?.Key
            ?? (YamlNode)file;
    }
}
