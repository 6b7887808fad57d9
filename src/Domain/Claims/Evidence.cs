using Harness.Domain.Api;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;

namespace Harness.Domain.Claims;

/// <summary>A trial that the design asks for, and its row; null where it has no result.</summary>
/// <param name="Sweep">Sweep of the claim's file.</param>
/// <param name="Trial">What the design asks for.</param>
/// <param name="Row">The succeeded trial, or null.</param>
public sealed record DesignTrial(string Sweep, TrialSpec Trial, TrialRow? Row);

/// <summary>The results of a run up to a look, each in the place that the design has for it.</summary>
public sealed class Evidence
{
    private readonly List<string> _missing = [];

    private Evidence(IReadOnlyList<DesignTrial> design) => Design = design;

    /// <summary>Every trial of the design, sweep by sweep and seed by seed.</summary>
    public IReadOnlyList<DesignTrial> Design { get; }

    /// <summary>What has no result, or lacks the metric that was asked for.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Puts rows into the places of the design.</summary>
    /// <remarks>
    /// Of a trial that was submitted again the newest counts, and only its accepted result: a late one is on no row.
    /// </remarks>
    public static Evidence Of(
        ClaimDefinition claim,
        ClaimProfile profile,
        int look,
        IReadOnlyList<TrialRow> rows
    )
    {
        var newest = rows.GroupBy(Key)
            .ToDictionary(group => group.Key, group => group.MaxBy(row => Number(row.Trial))!);
        var design = Enumerable
            .Range(1, look)
            .SelectMany(number => ClaimSweeps.Of(claim, profile, number))
            .SelectMany(sweep =>
                SweepExpansion
                    .Trials(sweep.Spec)
                    .Select(trial =>
                        (sweep.Name, Trial: trial, Row: newest.GetValueOrDefault(Key(trial)))
                    )
            )
            .ToList();
        var evidence = new Evidence([
            .. design.Select(item => new DesignTrial(
                item.Name,
                item.Trial,
                item.Row is { State: TrialState.Succeeded } ? item.Row : null
            )),
        ]);
        evidence._missing.AddRange(
            design
                .Where(item => item.Row is not { State: TrialState.Succeeded })
                .Select(item =>
                    item.Row is null
                        ? $"{Name(item.Trial)} of the sweep '{item.Name}' was never submitted"
                        : $"{item.Row.Trial} ({Name(item.Trial)}) is {Words.Of(item.Row.State)}"
                )
        );
        return evidence;
    }

    /// <summary>Whether a trial of its sweep is in the arm.</summary>
    public static bool Selects(ClaimArm arm, TrialSpec trial)
    {
        var cell = new SortedDictionary<string, SettingValue>(
            trial.Settings,
            StringComparer.Ordinal
        )
        {
            ["model"] = SettingValue.Of(trial.Model),
            ["task"] = SettingValue.Of(trial.Task),
        };
        return arm.Where.All(condition => condition.Holds(cell));
    }

    /// <summary>Whether the design has trials of this arm.</summary>
    public bool Has(ClaimArm arm) =>
        Design.Any(item => item.Sweep == arm.Sweep && Selects(arm, item.Trial));

    /// <summary>Trials of an arm that have a result.</summary>
    public IEnumerable<TrialRow> Rows(ClaimArm arm) =>
        Design
            .Where(item => item.Sweep == arm.Sweep && Selects(arm, item.Trial))
            .Select(item => item.Row)
            .OfType<TrialRow>();

    /// <summary>The metric of every trial of an arm that has one; what lacks it is missing from then on.</summary>
    public IReadOnlyList<(TrialRow Row, double Value)> Values(ClaimArm arm, string metric)
    {
        var values = new List<(TrialRow, double)>();
        foreach (var row in Rows(arm))
        {
            if (Value(row, metric) is { } value)
            {
                values.Add((row, value));
            }
            else
            {
                Lacks($"{row.Trial} measured no {metric}");
            }
        }

        return values;
    }

    /// <summary>Says that something is missing, once.</summary>
    public void Lacks(string what)
    {
        if (!_missing.Contains(what))
        {
            _missing.Add(what);
        }
    }

    /// <summary>A metric of a trial. One that diverged or ran out of its memory has learned nothing: that is its result.</summary>
    public static double? Value(TrialRow row, string metric) =>
        TrialMetrics.Value(row, metric)
        ?? (
            row.Outcome is TrialOutcome.Diverged or TrialOutcome.Oom
                ? metric switch
                {
                    "accuracy" => row.Chance,
                    "gap" or "exact_match" => 0,
                    _ => null,
                }
                : null
        );

    private static string Name(TrialSpec trial) =>
        $"{trial.Model} on {trial.Task}, seed {trial.Seed}";

    private static long Number(string trial) => Ids.TryTrial(trial, out var id) ? id : 0;

    private static string Key(TrialSpec trial) =>
        Key(trial.Model, trial.Task, trial.Seed, trial.Repeat, trial.Settings);

    private static string Key(TrialRow row) =>
        Key(row.Model, row.Task, row.Seed, row.Repeat, row.Parameters);

    private static string Key(
        string model,
        string task,
        long seed,
        int repeat,
        SortedDictionary<string, SettingValue> settings
    ) =>
        string.Join(
            '\n',
            settings
                .OrderBy(setting => setting.Key, StringComparer.Ordinal)
                .Select(setting => $"{setting.Key}={setting.Value}")
                .Prepend($"{model} {task} {seed} {repeat}")
        );
}
