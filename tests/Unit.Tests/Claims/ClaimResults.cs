using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;

namespace Harness.Unit.Tests.Claims;

/// <summary>Made-up results of a claim's trials.</summary>
internal static class ClaimResults
{
    public static ClaimDefinition Claim(string id) => ClaimFile.Read(ClaimFiles.Text(id)!);

    public static ClaimRunFacts Facts(
        ClaimProfileName profile = ClaimProfileName.Quick,
        bool registered = true
    ) => new(profile, "file", registered);

    /// <summary>A succeeded row for every trial of the looks, with the metrics that the function gives.</summary>
    public static List<TrialRow> Rows(
        ClaimDefinition claim,
        int looks,
        Func<TrialSpec, Dictionary<string, double>> measure,
        ClaimProfileName name = ClaimProfileName.Quick
    )
    {
        var profile = claim.Profiles.Single(profile => profile.Name == name);
        return
        [
            .. Enumerable
                .Range(1, looks)
                .SelectMany(look => ClaimSweeps.Of(claim, profile, look))
                .SelectMany(sweep => SweepExpansion.Trials(sweep.Spec))
                .Select((trial, number) => Row(trial, number + 1, measure(trial))),
        ];
    }

    /// <summary>What the essay says of <c>order</c>, for both parts, with the named exceptions.</summary>
    public static Dictionary<string, double> Order(
        TrialSpec trial,
        Func<TrialSpec, bool>? solves = null
    )
    {
        var blind = trial.Text("positions") == "none" && trial.Text("mask") == "full";
        var solved = trial.Integer("items") == 1 || (solves?.Invoke(trial) ?? !blind);
        return new()
        {
            ["permutation_error"] = blind ? 2e-16 * (trial.Seed % 3) : 0.5,
            ["exact_match"] = solved ? 1 : 0.002,
            ["accuracy"] = solved ? 1 : 0.41,
            ["chance"] = 0.125,
            ["loss_drift"] = 0,
            ["cpu_seconds"] = 1.5,
        };
    }

    /// <summary>Gradients whose measured factor is the predicted one to that power, with a little noise.</summary>
    public static Dictionary<string, double> Vanishing(TrialSpec trial, double power = 1)
    {
        var gain = trial.Number("gain");
        var linear = trial.Text("activation") == "linear";
        var predicted = linear ? gain : 0.7 * gain;
        var noise = linear ? 0 : 0.004 * Math.Sin(trial.Seed * 7 + gain);
        var factor = Math.Exp(Math.Log(predicted) * (linear ? 1 : power) + noise);
        return new()
        {
            ["gradient_factor"] = factor,
            ["gradient_factor_predicted"] = predicted,
            ["gradient_ratio_50"] = Math.Pow(factor, 50),
        };
    }

    private static TrialRow Row(TrialSpec trial, long id, Dictionary<string, double> metrics)
    {
        double? Take(string name) => metrics.Remove(name, out var value) ? value : null;
        return new TrialRow
        {
            Sweep = "S-1",
            Trial = Ids.Trial(id),
            Model = trial.Model,
            Task = trial.Task,
            Seed = trial.Seed,
            Repeat = trial.Repeat,
            Parameters = trial.Settings,
            ParameterCount = 1000,
            ParameterHash = $"hash-{id}",
            State = TrialState.Succeeded,
            Outcome = TrialOutcome.Ok,
            Attempts = 1,
            Worker = "worker",
            Hardware = "h1",
            Accuracy = Take("accuracy"),
            ExactMatch = Take("exact_match"),
            Chance = Take("chance"),
            CpuSeconds = Take("cpu_seconds"),
            Metrics = new(metrics, StringComparer.Ordinal),
        };
    }
}
