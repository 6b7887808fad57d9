using Harness.Domain.Trials;

namespace Harness.Storage.Sweeps;

/// <summary>Trials turned into one array a column, as <c>unnest</c> takes them.</summary>
internal sealed class TrialColumns
{
    public TrialColumns(IReadOnlyList<TrialSpec> trials)
    {
        var written = trials.Select(trial => trial.Written()).ToList();
        Identities = [.. written.Select(pair => pair.Identity)];
        Values =
        [
            Identities,
            trials.Select(trial => trial.Model).ToArray(),
            trials.Select(trial => trial.Task).ToArray(),
            trials.Select(trial => trial.Seed).ToArray(),
            trials.Select(trial => trial.Repeat).ToArray(),
            written.Select(pair => pair.Json).ToArray(),
            trials.Select(trial => (int?)Setting(trial, "steps")).ToArray(),
            trials.Select(trial => (int)Math.Max(1, Setting(trial, "threads") ?? 1)).ToArray(),
            trials.Select(trial => Math.Max(0, Setting(trial, "memory") ?? 0)).ToArray(),
            trials.Select(trial => trial.DataHash).ToArray(),
        ];
    }

    /// <summary>Identities, in order.</summary>
    public string[] Identities { get; }

    /// <summary>All columns: identity, model, task, seed, repeat, spec, steps, threads, memory, data hash.</summary>
    public object?[] Values { get; }

    private static long? Setting(TrialSpec trial, string name) =>
        trial.Settings.TryGetValue(name, out var value) && value.IsInteger ? value.Integer : null;
}
