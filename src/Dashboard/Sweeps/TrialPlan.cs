using Harness.Domain.Trials;

namespace Harness.Dashboard.Sweeps;

/// <summary>What a sweep would run, in words: the first trials, with the settings in which they differ.</summary>
public static class TrialPlan
{
    private const int Lines = 20;

    /// <summary>The first lines, and how many more there are.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<TrialSpec> trials)
    {
        var varied = trials
            .SelectMany(trial => trial.Settings.Keys)
            .Distinct()
            .Where(name => trials.Select(trial => Value(trial, name)).Distinct().Count() > 1)
            .ToList();
        return
        [
            .. trials.Take(Lines).Select(trial => Line(trial, varied)),
            .. trials.Count > Lines
                ? [$"… and {trials.Count - Lines} more"]
                : Array.Empty<string>(),
        ];
    }

    private static string Line(TrialSpec trial, IReadOnlyList<string> varied) =>
        $"{trial.Model} on {trial.Task}, seed {trial.Seed}"
        + string.Concat(
            varied
                .Where(trial.Settings.ContainsKey)
                .Select(name => $", {name} {trial.Settings[name]}")
        );

    private static string? Value(TrialSpec trial, string name) =>
        trial.Settings.TryGetValue(name, out var value) ? value.ToString() : null;
}
