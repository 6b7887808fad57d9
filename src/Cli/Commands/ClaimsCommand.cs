using System.CommandLine;
using System.Text.Json;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Claims;

namespace Harness.Cli.Commands;

/// <summary><c>harness claims run|report [ID…]</c>.</summary>
public static class ClaimsCommand
{
    private static readonly Argument<string[]> Ids = new("CLAIM")
    {
        Description = "Ids such as order; without one all.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<string> Profile = new("--profile")
    {
        Description = "smoke, quick or full.",
        DefaultValueFactory = _ => "quick",
        HelpName = "PROFILE",
    };
    private static readonly Option<int> Workers = Globals.Workers();
    private static readonly Option<int> Port = Globals.Port();

    /// <summary>The command.</summary>
    public static Command Make()
    {
        Globals.AcceptOnly(Profile, "smoke", "quick", "full");
        var run = new Command("run", "Measure claims and judge them.")
        {
            Ids,
            Profile,
            Workers,
            Port,
        };
        run.SetAction(RunAsync);
        var report = new Command("report", "Print the newest verdicts.") { Ids };
        report.SetAction(ReportAsync);
        return new Command("claims", "Measure and judge the essay's claims.") { run, report };
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        // Before anything is started: a misspelt claim costs no time.
        var ids = Measurable(result.GetValue(Ids)!);
        await using var session = await Session.WithWorkersAsync(
            result,
            result.GetValue(Workers),
            result.GetValue(Port),
            cancellation
        );
        var profile = result.GetValue(Profile)!;
        var asked = new ClaimRunRequest(ids, profile);
        session.Terminal.Say(session.Client.Link("claims"));
        // After a look that does not decide, the same request names the sweeps of the next one.
        var seen = new HashSet<string>();
        for (var round = 0; round < 8; round++)
        {
            var reply = await session.Client.PostAsync(
                "claims/runs",
                JsonSerializer.Serialize(asked, DomainJson.Default.ClaimRunRequest),
                "application/json",
                DomainJson.Default.ClaimRunReply,
                cancellation
            );
            foreach (var line in round == 0 ? reply.Reach : [])
            {
                session.Terminal.Say(line);
            }

            var sweeps = reply.Sweeps.Where(seen.Add).ToList();
            foreach (var sweep in sweeps)
            {
                await Watching.ToEndAsync(session, sweep, shows: true, cancellation);
            }

            if (sweeps.Count == 0)
            {
                break;
            }
        }

        await WriteAsync(session, await JudgeAsync(session, ids, profile, cancellation));
        return 0;
    }

    private static async Task<int> ReportAsync(ParseResult result, CancellationToken cancellation)
    {
        await using var session = await Session.ToReadAsync(result, cancellation);
        var ids = Known(result.GetValue(Ids)!);
        var rows = new List<ClaimRow>();
        foreach (var id in ids)
        {
            var row = await session.Client.GetAsync(
                $"claims/{id}",
                DomainJson.Default.ClaimRow,
                cancellation
            );
            // A verdict is a function of stored rows: one that is missing is judged again.
            rows.Add(
                row is { Document: null, Profile: { } profile }
                    ? (await JudgeAsync(session, [id], profile, cancellation))[0]
                    : row
            );
        }

        await WriteAsync(session, rows);
        return 0;
    }

    private static string[] Known(string[] asked)
    {
        string[] known = [.. ClaimCatalog.All.Select(claim => claim.Id)];
        return asked.FirstOrDefault(id => !known.Contains(id)) is { } unknown
                ? throw new HarnessException(
                    ParseFault.Unknown("claim", unknown, known),
                    HarnessException.BadInput
                )
            : asked.Length == 0 ? known
            : [.. asked.Distinct()];
    }

    private static IReadOnlyList<string> Measurable(string[] asked)
    {
        if (asked.Length == 0)
        {
            return ClaimFiles.Ids;
        }

        var ids = Known(asked);
        foreach (var id in ids)
        {
            ClaimFiles.Required(id);
        }

        return ids;
    }

    private static async Task<IReadOnlyList<ClaimRow>> JudgeAsync(
        Session session,
        IReadOnlyList<string> ids,
        string profile,
        CancellationToken cancellation
    )
    {
        var rows = new List<ClaimRow>();
        foreach (var id in ids)
        {
            rows.Add(
                await session.Client.PostAsync(
                    $"claims/{id}/judge?profile={profile}",
                    null,
                    "application/json",
                    DomainJson.Default.ClaimRow,
                    cancellation
                )
            );
        }

        return rows;
    }

    private static Task WriteAsync(Session session, IReadOnlyList<ClaimRow> rows)
    {
        if (session.Terminal.Json)
        {
            session.Terminal.Write(rows, DomainJson.Default.IReadOnlyListClaimRow);
            return Task.CompletedTask;
        }

        foreach (var row in rows)
        {
            foreach (var line in VerdictText.Of(row))
            {
                session.Terminal.Write(line);
            }
        }

        return Task.CompletedTask;
    }
}
