using Harness.Domain.Trials;

namespace Harness.Domain.Api;

/// <summary>Trials of one model on one task in equal settings: they differ in seed and repeat alone.</summary>
/// <param name="Task">Task.</param>
/// <param name="Model">Model.</param>
/// <param name="Varied">The settings that the sweep varies for this model and task.</param>
/// <param name="Trials">Its trials, by seed and repeat.</param>
public sealed record SweepCell(
    string Task,
    string Model,
    SortedDictionary<string, SettingValue> Varied,
    IReadOnlyList<TrialRow> Trials
)
{
    /// <summary>The varied settings in words: <c>lag 30, width 64</c>.</summary>
    public string Text =>
        string.Join(", ", Varied.Select(setting => $"{setting.Key} {setting.Value}"));
}

/// <summary>Splits the trials of a sweep into cells.</summary>
public static class SweepCells
{
    /// <summary>The cells, by task, varied settings and model as they first appear.</summary>
    public static IReadOnlyList<SweepCell> Of(IReadOnlyList<TrialRow> trials)
    {
        var models = trials.Select(trial => trial.Model).Distinct().ToList();
        return
        [
            .. trials
                .GroupBy(trial => trial.Task)
                .SelectMany(task => Split(task.Key, [.. task]))
                .OrderBy(cell => cell.Task, StringComparer.Ordinal)
                .ThenBy(cell => cell, Comparer<SweepCell>.Create(BySettings))
                .ThenBy(cell => models.IndexOf(cell.Model)),
        ];
    }

    /// <summary>Names of the settings that take more than one value among these trials.</summary>
    public static IReadOnlyList<string> Varied(IReadOnlyList<TrialRow> trials) =>
        [
            .. trials
                .SelectMany(trial => trial.Parameters.Keys)
                .Distinct()
                .Where(name => trials.Select(trial => Value(trial, name)).Distinct().Count() > 1)
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<SweepCell> Split(string task, IReadOnlyList<TrialRow> trials)
    {
        // Within one model: a width that differs between models alone (a match) is no axis of the sweep.
        var varied = trials
            .GroupBy(trial => trial.Model)
            .SelectMany(model => Varied([.. model]))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return trials
            .GroupBy(trial =>
                (trial.Model, string.Join('\n', varied.Select(name => Value(trial, name))))
            )
            .Select(group => new SweepCell(
                task,
                group.Key.Model,
                new SortedDictionary<string, SettingValue>(
                    varied
                        .Where(group.First().Parameters.ContainsKey)
                        .ToDictionary(name => name, name => group.First().Parameters[name]),
                    StringComparer.Ordinal
                ),
                [.. group.OrderBy(trial => trial.Seed).ThenBy(trial => trial.Repeat)]
            ));
    }

    private static string? Value(TrialRow trial, string name) =>
        trial.Parameters.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Numbers by size (lag 4 before lag 30), all else by its text.</summary>
    private static int BySettings(SweepCell? one, SweepCell? other)
    {
        foreach (var ((name, left), (otherName, right)) in one!.Varied.Zip(other!.Varied))
        {
            var order =
                name != otherName ? string.CompareOrdinal(name, otherName)
                : left.IsNumber && right.IsNumber ? left.Number.CompareTo(right.Number)
                : string.CompareOrdinal(left.ToString(), right.ToString());
            if (order != 0)
            {
                return order;
            }
        }

        return one.Varied.Count - other.Varied.Count;
    }
}
