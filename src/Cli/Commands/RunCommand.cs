using System.CommandLine;
using Harness.Cli.Client;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;

namespace Harness.Cli.Commands;

/// <summary><c>harness run SPEC</c>: up, submit, watch, report, stop.</summary>
public static class RunCommand
{
    private static readonly Argument<string> Spec = new("SPEC")
    {
        Description = "Sweep file, YAML or JSON; - reads standard input.",
    };
    private static readonly Option<int> Workers = Globals.Workers();
    private static readonly Option<int> Port = Globals.Port();
    private static readonly Option<string[]> Set = Globals.Set();
    private static readonly Option<bool> Fresh = SubmitCommand.FreshOption();
    private static readonly Option<string?> Html = new("--html")
    {
        Description = "Also write the report to this file.",
        HelpName = "FILE",
    };
    private static readonly Option<string[]> FailsOn = FailOn.MakeOption();

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("run", "Run a sweep file from start to report.")
        {
            Spec,
            Workers,
            Port,
            Set,
            Fresh,
            Html,
            FailsOn,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var source = SpecSource.Read(result.GetValue(Spec)!, Globals.Pairs(result.GetValue(Set)));
        if (result.GetValue(Globals.Server) is null)
        {
            Corpus.Require(SweepExpansion.Trials(source.Spec));
        }

        var terminal = Session.TerminalOf(result);
        Session session;
        try
        {
            session = await Session.WithWorkersAsync(
                result,
                result.GetValue(Workers),
                result.GetValue(Port),
                cancellation
            );
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Say(
                "interrupted before the sweep was submitted: what this run had started is stopped"
            );
            throw;
        }

        await using (session)
        {
            string? sweep = null;
            try
            {
                var reply = await Submission.SendAsync(
                    session,
                    source,
                    result.GetValue(Fresh),
                    cancellation
                );
                sweep = reply.Sweep!;
                return await FollowAsync(result, session, reply, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                session.Terminal.Status(null);
                session.Terminal.Say(Left(session, sweep, source.File));
                throw;
            }
        }
    }

    private static async Task<int> FollowAsync(
        ParseResult result,
        Session session,
        SubmitReply reply,
        CancellationToken cancellation
    )
    {
        var sweep = reply.Sweep!;
        var before = reply.Created
            ? null
            : await session.Client.GetAsync(
                $"sweeps/{sweep}",
                DomainJson.Default.SweepDetail,
                cancellation
            );
        session.Terminal.Say(
            $"{sweep}: {reply.Trials} trials{Known(reply, before)}; {session.Client.Link($"sweeps/{sweep}")}"
        );
        var ended = await Watching.ToEndAsync(session, sweep, shows: true, cancellation);
        var detail = await session.Client.GetAsync(
            $"sweeps/{sweep}",
            DomainJson.Default.SweepDetail,
            cancellation
        );
        if (before is not null && SweepWatch.IsEnd(before.State))
        {
            session.Terminal.Say(Again(ended));
        }

        Outcome.Write(session.Terminal, detail);
        await WriteReportsAsync(session, sweep, result.GetValue(Html), cancellation);
        return FailOn.ExitCode(detail, result.GetValue(FailsOn));
    }

    // What of the sweep is there already.
    private static string Known(SubmitReply reply, SweepDetail? before) =>
        before is null
            ? reply.Reused > 0
                ? $", {reply.Reused} of them shared with earlier sweeps"
                : ""
            : SweepWatch.IsEnd(before.State)
                ? ", run before"
                : before.State is SweepState.Pausing or SweepState.Paused
                    ? $", begun before and {Words.Of(before.State)}: `harness resume {before.Sweep}` lets it go on"
                    : $", begun before: {before.Trials.Count(trial => trial.State == TrialState.Succeeded)} are done, it goes on";

    // What becomes of a sweep whose `run` was interrupted, and how to come back to it.
    private static string Left(Session session, string? sweep, string file) =>
        sweep is null ? "interrupted before the sweep was submitted: stopping"
        : session.Holder is null or { Attached: true }
            ? $"interrupted: {sweep} goes on at {session.Client.Url}; `harness watch {sweep}` follows it, `harness cancel {sweep}` stops it"
        : $"interrupted: stopping; what is done of {sweep} is kept, and `harness run {file}` on the same data folder goes on from there";

    private static string Again(SweepSummary sweep) =>
        sweep.State == SweepState.Completed
            ? $"{sweep.Sweep} had been run before and this is its result; --fresh measures it anew."
            : $"{sweep.Sweep} had been run before and ended as {Words.Of(sweep.State)}; {ToRetry(sweep)}--fresh runs all of it anew.";

    private static string ToRetry(SweepSummary sweep) =>
        sweep.State == SweepState.CompletedWithFailures
            ? $"`harness retry {sweep.Sweep}` tries what failed again, "
            : "";

    private static async Task WriteReportsAsync(
        Session session,
        string sweep,
        string? html,
        CancellationToken cancellation
    )
    {
        var files = new List<(string Form, string Path)>();
        if (session.Data is { } data)
        {
            files.Add(("html", Path.Combine(data.Reports, $"{sweep}.html")));
            files.Add(("json", Path.Combine(data.Reports, $"{sweep}.json")));
        }

        if (html is not null)
        {
            files.Add(("html", Path.GetFullPath(html)));
        }

        foreach (var (form, path) in files)
        {
            await ReportCommand.WriteAsync(session.Client, sweep, form, path, cancellation);
            session.Terminal.Say($"report: {path}");
        }
    }
}
