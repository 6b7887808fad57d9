using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Metrics;
using Harness.Domain.Trials;

namespace Harness.Cli.Commands;

/// <summary>What a sweep gave, on the terminal.</summary>
public static class Outcome
{
    private const int ShownReasons = 5;

    /// <summary>The document with <c>--json</c>, else the table per model and task, and why trials failed.</summary>
    public static void Write(Terminal terminal, SweepDetail sweep)
    {
        if (terminal.Json)
        {
            terminal.Write(sweep, DomainJson.Default.SweepDetail);
        }
        else
        {
            terminal.Say($"{sweep.Sweep} {sweep.Name}: {Words.Of(sweep.State)}{Took(sweep)}");
            terminal.Say(ReportTable.Caption);
            terminal.Write(ReportTable.Of(SweepReport.Of(sweep)));
            if (sweep.Trials.Count(trial => trial.Contended == true) is > 0 and var contended)
            {
                terminal.Say(
                    $"{contended} of {sweep.TrialCount} trials ran on a busy machine: their wall times do not count, CPU times and accuracies do"
                );
            }
        }

        SayFailures(terminal, sweep);
    }

    private static string Took(SweepSummary sweep) =>
        sweep is { StartedAt: { } from, EndedAt: { } to }
            ? $" in {Format.Duration(to - from)}"
            : "";

    // Grouped by reason: forty trials that fail for one reason are one thing to mend.
    private static void SayFailures(Terminal terminal, SweepDetail sweep)
    {
        var failed = sweep
            .Trials.Where(trial => trial.State is TrialState.Failed or TrialState.Quarantined)
            .GroupBy(trial => $"{Words.Of(trial.State)}: {trial.Reason ?? "no reason was given"}")
            .ToList();
        foreach (var reason in failed.Take(ShownReasons))
        {
            terminal.Say(
                $"{reason.Count()} of {sweep.TrialCount} trials {reason.Key} (harness logs {reason.First().Trial})"
            );
        }

        if (failed.Count > ShownReasons)
        {
            terminal.Say(
                $"and {failed.Count - ShownReasons} more reasons: harness show {sweep.Sweep}"
            );
        }

        var unusual = sweep
            .Trials.Where(trial => trial.Outcome is not (null or TrialOutcome.Ok))
            .GroupBy(trial => trial.Outcome!.Value);
        foreach (var outcome in unusual)
        {
            terminal.Say(
                $"{outcome.Count()} of {sweep.TrialCount} trials ended as {Words.Of(outcome.Key)}"
            );
        }
    }
}
