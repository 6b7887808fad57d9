using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;

namespace Harness.Storage.Sweeps;

/// <summary>Trials turned into one array a column, as <c>unnest</c> takes them.</summary>
internal sealed class TrialColumns(IReadOnlyList<TrialSpec> trials)
{
    /// <summary>Identities, in order.</summary>
    public string[] Identities { get; } = [.. trials.Select(trial => trial.Identity())];

    /// <summary>All columns: identity, model, task, seed, repeat, spec, steps, threads, memory, data hash.</summary>
    public object?[] Values =>
        [
            Identities,
            trials.Select(trial => trial.Model).ToArray(),
            trials.Select(trial => trial.Task).ToArray(),
            trials.Select(trial => trial.Seed).ToArray(),
            trials.Select(trial => trial.Repeat).ToArray(),
            trials.Select(Json).ToArray(),
            trials.Select(trial => (int?)Setting(trial, "steps")).ToArray(),
            trials.Select(trial => (int)Math.Max(1, Setting(trial, "threads") ?? 1)).ToArray(),
            trials.Select(trial => Math.Max(0, Setting(trial, "memory") ?? 0)).ToArray(),
            trials.Select(trial => trial.DataHash).ToArray(),
        ];

    private static string Json(TrialSpec trial) =>
        JsonSerializer.Serialize(trial, DomainJson.Default.TrialSpec);

    private static long? Setting(TrialSpec trial, string name) =>
        trial.Settings.TryGetValue(name, out var value) && value.IsInteger ? value.Integer : null;
}
