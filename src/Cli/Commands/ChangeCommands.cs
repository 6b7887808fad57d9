using System.CommandLine;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary><c>harness pause|resume|cancel|retry ID…</c>: what a person may ask of sweeps.</summary>
public static class ChangeCommands
{
    private static readonly Option<bool> Failed = new("--failed")
    {
        Description = "Only trials whose job failed.",
    };
    private static readonly Option<bool> Lost = new("--lost")
    {
        Description = "Only trials that infrastructure failed too often.",
    };

    /// <summary><c>harness pause</c>.</summary>
    public static Command Pause() =>
        Make(
            "pause",
            "Let nothing more of a sweep run; what runs goes back to the queue, uncounted.",
            _ => ""
        );

    /// <summary><c>harness resume</c>.</summary>
    public static Command Resume() => Make("resume", "Let a paused sweep go on.", _ => "");

    /// <summary><c>harness cancel</c>.</summary>
    public static Command Cancel() =>
        Make("cancel", "End a sweep; what it has measured stays.", _ => "");

    /// <summary><c>harness retry</c>.</summary>
    public static Command Retry()
    {
        var command = Make(
            "retry",
            "Try failed and quarantined trials of a sweep again; what they were stays in their history.",
            result =>
                (result.GetValue(Failed), result.GetValue(Lost)) switch
                {
                    (true, false) => "?failed=true",
                    (false, true) => "?lost=true",
                    _ => "",
                }
        );
        command.Add(Failed);
        command.Add(Lost);
        return command;
    }

    /// <summary>The sweeps that a command names.</summary>
    public static Argument<string[]> Sweeps() =>
        new("ID") { Description = "Sweeps such as S-1, or last.", Arity = ArgumentArity.OneOrMore };

    /// <summary>What became of sweeps: a line each, or with <c>--json</c> the sweep, or the list where several were named.</summary>
    public static void Write(Session session, IReadOnlyList<SweepSummary> changed)
    {
        if (!session.Terminal.Json)
        {
            return;
        }

        if (changed.Count == 1)
        {
            session.Terminal.Write(changed[0], DomainJson.Default.SweepSummary);
        }
        else
        {
            session.Terminal.Write(changed, DomainJson.Default.IReadOnlyListSweepSummary);
        }
    }

    private static Command Make(string verb, string description, Func<ParseResult, string> query)
    {
        var sweeps = Sweeps();
        var command = new Command(verb, description) { sweeps };
        command.SetAction(
            async (result, cancellation) =>
            {
                await using var session = await Session.ToReadAsync(result, cancellation);
                var changed = new List<SweepSummary>();
                foreach (var selector in result.GetValue(sweeps)!.Distinct())
                {
                    var id = await session.SweepAsync(selector, cancellation);
                    var summary = await session.Client.PostAsync(
                        $"sweeps/{id}/{verb}{query(result)}",
                        null,
                        "application/json",
                        DomainJson.Default.SweepSummary,
                        cancellation
                    );
                    changed.Add(summary);
                    session.Terminal.Say($"{id}: {Words.Of(summary.State)}");
                }

                Write(session, changed);
                return 0;
            }
        );
        return command;
    }
}
