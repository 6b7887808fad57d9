using System.CommandLine;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Cli.Commands;

/// <summary><c>--fail-on</c>: which ends make exit code 1.</summary>
public static class FailOn
{
    /// <summary>Exit code where what was asked for has happened.</summary>
    public const int Failed = 1;

    private static readonly string[] Known = ["failed", "diverged", "oom", "censored"];

    /// <summary>The option.</summary>
    public static Option<string[]> MakeOption()
    {
        var option = new Option<string[]>("--fail-on")
        {
            Description =
                "Exit with 1 when a trial ended so: failed (quarantined too), diverged, oom, censored.",
            HelpName = "END",
        };
        Globals.AcceptOnly(option, Known);
        return option;
    }

    /// <summary>0, or 1 when an end that was asked for is among the trials.</summary>
    public static int ExitCode(SweepDetail sweep, string[]? failOn) =>
        sweep.Trials.Any(trial => (failOn ?? []).Any(end => Is(trial, end))) ? Failed : 0;

    private static bool Is(TrialRow trial, string end) =>
        end switch
        {
            "failed" => trial.State is TrialState.Failed or TrialState.Quarantined,
            "diverged" => trial.Outcome == TrialOutcome.Diverged,
            "oom" => trial.Outcome == TrialOutcome.Oom,
            _ => trial.Outcome == TrialOutcome.Censored,
        };
}
