using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Harness.Domain.Api;
using Harness.Domain.Metrics;
using Harness.Domain.Trials;

namespace Harness.Domain.Claims;

/// <summary>What a verdict rests on, and where it holds.</summary>
internal static class Inputs
{
    private static readonly string[] Settings = ["max_trial_time", "memory", "probes"];

    /// <summary>The trials and a hash of their results.</summary>
    public static VerdictInputs Of(Evidence evidence)
    {
        var rows = evidence.Design.Select(item => item.Row).OfType<TrialRow>().ToList();
        var text = string.Concat(rows.Select(row => Line(row) + "\n"));
        return new VerdictInputs(
            [.. rows.Select(row => row.Trial)],
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))
        );
    }

    /// <summary>Models, tasks, settings and machines of the results.</summary>
    public static VerdictScope Scope(Evidence evidence)
    {
        var rows = evidence.Design.Select(item => item.Row).OfType<TrialRow>().ToList();
        var seeds = rows.Select(row => row.Seed).Distinct().Order().ToList();
        return new VerdictScope(
            "cpu",
            Distinct(rows.Select(row => row.Hardware ?? "unknown")),
            Distinct(rows.Select(row => row.Model)),
            Distinct(rows.Select(row => row.Task)),
            seeds.Count == 0 ? "none" : $"{seeds[0]} to {seeds[^1]}",
            new SortedDictionary<string, string>(
                rows.SelectMany(row => row.Parameters)
                    .Where(setting => !Settings.Contains(setting.Key))
                    .GroupBy(setting => setting.Key, setting => setting.Value)
                    .ToDictionary(group => group.Key, group => Range([.. group.Distinct()])),
                StringComparer.Ordinal
            )
        );
    }

    private static string Range(IReadOnlyList<SettingValue> values) =>
        values.Count > 2 && values.All(value => value.IsNumber)
            ? $"{values.MinBy(value => value.Number)} to {values.MaxBy(value => value.Number)}"
        : values.All(value => value.IsNumber)
            ? string.Join(", ", values.OrderBy(value => value.Number))
        : string.Join(", ", values.Select(value => value.ToString()).Order(StringComparer.Ordinal));

    private static List<string> Distinct(IEnumerable<string> words) =>
        [.. words.Distinct().Order(StringComparer.Ordinal)];

    // Every number that the same trial gives on the same kind of machine, however loaded it is.
    private static string Line(TrialRow row)
    {
        var metrics = MetricCatalog
            .All.Select(metric => metric.Name)
            .Concat(row.Metrics.Keys)
            .Distinct()
            .Where(name => !OfClock(name))
            .Order(StringComparer.Ordinal)
            .Select(name => (name, value: TrialMetrics.Value(row, name)))
            .Where(metric => metric.value is not null)
            .Select(metric =>
                $"{metric.name}={metric.value!.Value.ToString("R", CultureInfo.InvariantCulture)}"
            );
        return string.Join(
            ' ',
            metrics.Prepend(
                $"{row.Trial} {row.Model} {row.Task} {row.Seed} {row.Repeat} {Words.Of(row.Outcome ?? TrialOutcome.Ok)} {row.ParameterHash}"
            )
        );
    }

    // Times, speeds, bytes of a process, calibrations: all that have a unit which a clock or the kernel gives.
    internal static bool OfClock(string metric) =>
        metric == "cpu_wall_ratio"
        || MetricCatalog.Find(metric)?.Unit is { } unit && unit is not ("" or "nats" or "bits");
}
