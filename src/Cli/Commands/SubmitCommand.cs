using System.CommandLine;
using System.Globalization;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Metrics;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;

namespace Harness.Cli.Commands;

/// <summary><c>harness submit SPEC</c>.</summary>
public static class SubmitCommand
{
    private const int PlanLines = 12;

    private static readonly Argument<string> Spec = new("SPEC")
    {
        Description = "Sweep file, YAML or JSON; - reads standard input.",
    };
    private static readonly Option<string[]> Set = Globals.Set();
    private static readonly Option<bool> Fresh = FreshOption();
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Only check the file and count its trials; needs no server.",
    };

    /// <summary><c>--fresh</c>.</summary>
    public static Option<bool> FreshOption() =>
        new("--fresh") { Description = "Measure trials anew that were measured before." };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("submit", "Put a sweep file into the queue of a running harness.")
        {
            Spec,
            Set,
            Fresh,
            DryRun,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var source = SpecSource.Read(result.GetValue(Spec)!, Globals.Pairs(result.GetValue(Set)));
        if (result.GetValue(DryRun))
        {
            Write(Session.TerminalOf(result), Plan(source.Spec), source.Spec.Name);
            return 0;
        }

        await using var session = await Session.ToRunningAsync(result, cancellation);
        foreach (var warning in Corpus.Missing(SweepExpansion.Trials(source.Spec)))
        {
            session.Terminal.Say($"warning: {warning}");
        }

        var reply = await Submission.SendAsync(
            session,
            source,
            result.GetValue(Fresh),
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(reply, DomainJson.Default.SubmitReply);
            return 0;
        }

        session.Terminal.Write(reply.Sweep!);
        session.Terminal.Say(
            reply.Created
                ? $"{Count(reply.Trials)} trials; {session.Client.Link($"sweeps/{reply.Sweep}")}"
                : $"it was submitted before; --fresh measures it anew; {session.Client.Link($"sweeps/{reply.Sweep}")}"
        );
        return 0;
    }

    private static SubmitReply Plan(SweepSpec spec)
    {
        var trials = SweepExpansion.Trials(spec);
        var varied = Varied(trials);
        return new()
        {
            Created = false,
            Trials = trials.Count,
            Reused = 0,
            Warnings = [.. SpecWarnings.Of(spec), .. Corpus.Missing(trials)],
            Plan = [.. trials.Take(PlanLines).Select(trial => Words(trial, varied))],
        };
    }

    private static void Write(Terminal terminal, SubmitReply plan, string name)
    {
        foreach (var warning in plan.Warnings)
        {
            terminal.Say($"warning: {warning}");
        }

        if (terminal.Json)
        {
            terminal.Write(plan, DomainJson.Default.SubmitReply);
            return;
        }

        terminal.Write($"{name}: {Count(plan.Trials)} trials; nothing was written");
        foreach (var trial in plan.Plan)
        {
            terminal.Write($"  {trial}");
        }

        if (plan.Trials > plan.Plan.Count)
        {
            terminal.Write($"  and {Count(plan.Trials - plan.Plan.Count)} more");
        }
    }

    private static string Words(TrialSpec trial, IReadOnlyList<string> varied) =>
        string.Join(
            ", ",
            varied
                .Where(trial.Settings.ContainsKey)
                .Select(name => $"{name} {trial.Settings[name]}")
                .Prepend($"{trial.Model} on {trial.Task}")
                .Append(string.Create(CultureInfo.InvariantCulture, $"seed {trial.Seed}"))
        );

    private static List<string> Varied(IReadOnlyList<TrialSpec> trials) =>
        [
            .. trials
                .SelectMany(trial => trial.Settings)
                .GroupBy(setting => setting.Key)
                .Where(group => group.Select(setting => setting.Value).Distinct().Count() > 1)
                .Select(group => group.Key)
                .Order(StringComparer.Ordinal),
        ];

    private static string Count(int count) => Format.Count(count);
}
