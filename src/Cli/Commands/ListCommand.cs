using System.CommandLine;
using System.Globalization;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Claims;
using Harness.Domain.Metrics;

namespace Harness.Cli.Commands;

/// <summary><c>harness ls sweeps|trials|workers|claims</c>.</summary>
public static class ListCommand
{
    private static readonly Argument<string> What = new("WHAT")
    {
        Description = "sweeps, trials, workers or claims.",
        DefaultValueFactory = _ => "sweeps",
    };
    private static readonly Option<string?> Sweep = new("--sweep")
    {
        Description = "Trials of this sweep only; last is the newest.",
        HelpName = "SWEEP",
    };
    private static readonly Option<int> Limit = Globals.Integer(
        "--limit",
        "Rows at most.",
        100,
        1,
        500
    );

    /// <summary>The command.</summary>
    public static Command Make()
    {
        Globals.AcceptOnly(What, "sweeps", "trials", "workers", "claims");
        var command = new Command("ls", "List sweeps, trials, workers or claims.")
        {
            What,
            Sweep,
            Limit,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        await using var session = await Session.ToReadAsync(result, cancellation);
        await (
            result.GetValue(What) switch
            {
                "trials" => TrialsAsync(session, result, cancellation),
                "workers" => WorkersAsync(session, cancellation),
                "claims" => ClaimsAsync(session, cancellation),
                _ => SweepsAsync(session, result.GetValue(Limit), cancellation),
            }
        );
        return 0;
    }

    private static async Task SweepsAsync(
        Session session,
        int limit,
        CancellationToken cancellation
    )
    {
        var page = await session.Client.GetAsync(
            $"sweeps?limit={limit}",
            DomainJson.Default.PageSweepSummary,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(page, DomainJson.Default.PageSweepSummary);
            return;
        }

        session.Terminal.Write(
            new TextTable(
                [
                    new("Sweep"),
                    new("Name"),
                    new("State"),
                    new("Done", true),
                    new("Submitted (UTC)"),
                ],
                [
                    .. page.Items.Select(sweep =>
                        (IReadOnlyList<string>)
                            [
                                sweep.Sweep,
                                sweep.Name,
                                Words.Of(sweep.State),
                                $"{Format.Count(ProgressText.Done(sweep))}/{Format.Count(sweep.TrialCount)}",
                                Moment(sweep.SubmittedAt),
                            ]
                    ),
                ]
            )
        );
        SayCut(session.Terminal, page.Items.Count, page.Total);
    }

    private static async Task TrialsAsync(
        Session session,
        ParseResult result,
        CancellationToken cancellation
    )
    {
        var of = result.GetValue(Sweep) is { } selector
            ? $"&sweep={await session.SweepAsync(selector, cancellation)}"
            : "";
        var page = await session.Client.GetAsync(
            $"trials?limit={result.GetValue(Limit)}{of}",
            DomainJson.Default.PageTrialRow,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(page, DomainJson.Default.PageTrialRow);
            return;
        }

        session.Terminal.Write(TrialTable.Of(page.Items));
        SayCut(session.Terminal, page.Items.Count, page.Total);
    }

    private static async Task WorkersAsync(Session session, CancellationToken cancellation)
    {
        var workers = await session.Client.GetAsync(
            "workers",
            DomainJson.Default.IReadOnlyListWorkerRow,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(workers, DomainJson.Default.IReadOnlyListWorkerRow);
            return;
        }

        session.Terminal.Write(
            new TextTable(
                [
                    new("Worker"),
                    new("Name"),
                    new("Host"),
                    new("State"),
                    new("Busy", true),
                    new("Hardware"),
                    new("Seen (UTC)"),
                ],
                [
                    .. workers.Select(worker =>
                        (IReadOnlyList<string>)
                            [
                                worker.Worker,
                                worker.Name,
                                worker.Host,
                                worker.State,
                                $"{worker.Busy}/{worker.Slots}",
                                worker.Hardware,
                                Moment(worker.SeenAt),
                            ]
                    ),
                ]
            )
        );
    }

    private static async Task ClaimsAsync(Session session, CancellationToken cancellation)
    {
        var claims = await session.Client.GetAsync(
            "claims",
            DomainJson.Default.IReadOnlyListClaimRow,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(claims, DomainJson.Default.IReadOnlyListClaimRow);
            return;
        }

        session.Terminal.Write(
            new TextTable(
                [new("Claim"), new("Experiment"), new("Verdict"), new("Statement")],
                [
                    .. claims.Select(claim =>
                        (IReadOnlyList<string>)
                            [
                                claim.Claim,
                                ClaimFiles.Ids.Contains(claim.Claim) ? "yes" : "not yet",
                                claim.Verdict,
                                claim.Statement,
                            ]
                    ),
                ]
            )
        );
    }

    private static void SayCut(Terminal terminal, int shown, long total)
    {
        if (shown < total)
        {
            terminal.Say($"{Format.Count(shown)} of {Format.Count(total)}; --limit shows more");
        }
    }

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
