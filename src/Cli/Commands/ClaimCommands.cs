using System.CommandLine;
using System.Text.Json;
using Harness.Cli.Client;
using Harness.Cli.Launcher;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary><c>claims run</c> and <c>claims report</c>.</summary>
public static class ClaimCommands
{
    /// <summary>Builds both.</summary>
    public static Command Build() =>
        new("claims", "Measure the essay's claims and report the verdicts.") { Run(), Report() };

    private static Command Run()
    {
        var claims = new Argument<string[]>("claims")
        {
            Description = "Ids; none: all that can be measured.",
        };
        var profile = new Option<string>("--profile")
        {
            Description = "smoke, quick or full.",
            DefaultValueFactory = _ => "quick",
        };
        profile.AcceptOnlyFromAmong("smoke", "quick", "full");
        var workers = Options.Workers();
        var command = new Command("run", "Run the claims' sweeps and judge them.")
        {
            claims,
            profile,
            workers,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var data = new DataFolder(parsed.GetRequiredValue(Options.Data));
                await using var holder = await Holder.TakeAsync(
                    data,
                    new ServiceOptions(parsed.GetValue(workers), 0),
                    Terminal.Say,
                    cancellation
                );
                using var client = HarnessClient.Open(null, data.Path);
                var request = new ClaimRunRequest(
                    parsed.GetValue(claims) ?? [],
                    parsed.GetRequiredValue(profile)
                );
                var rows = await RunAsync(client, request, cancellation);
                Write(parsed.GetValue(Options.Json), rows);
                return 0;
            }
        );
        return command;
    }

    private static Command Report()
    {
        var claims = new Argument<string[]>("claims") { Description = "Ids; none: all." };
        var command = new Command(
            "report",
            "The newest verdicts; one that is missing is judged again from stored results."
        )
        {
            claims,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = SweepCommands.Client(parsed);
                var asked = parsed.GetValue(claims) ?? [];
                var all = await client.GetAsync(
                    "api/v1/claims",
                    DomainJson.Default.IReadOnlyListClaimRow,
                    cancellation
                );
                var rows = new List<ClaimRow>();
                foreach (
                    var row in all.Where(row => asked.Length == 0 || asked.Contains(row.Claim))
                )
                {
                    rows.Add(
                        row.Document is null && row.Sweeps.Count > 0
                            ? await JudgeAsync(client, row.Claim, cancellation)
                            : row
                    );
                }

                Write(parsed.GetValue(Options.Json), rows);
                return 0;
            }
        );
        return command;
    }

    // A look that does not decide adds seeds: the claim's next sweeps are run until it has none.
    private static async Task<IReadOnlyList<ClaimRow>> RunAsync(
        HarnessClient client,
        ClaimRunRequest request,
        CancellationToken cancellation
    )
    {
        var seen = new HashSet<string>();
        var reply = await PostAsync(client, request, cancellation);
        while (reply.Sweeps.Any(seen.Add))
        {
            foreach (var sweep in reply.Sweeps)
            {
                await SweepWatch.FollowAsync(client, sweep, cancellation);
            }

            foreach (var claim in request.Claims)
            {
                await JudgeAsync(client, claim, cancellation);
            }

            reply = await PostAsync(client, request, cancellation);
        }

        var rows = new List<ClaimRow>();
        foreach (var claim in request.Claims)
        {
            rows.Add(await JudgeAsync(client, claim, cancellation));
        }

        return rows;
    }

    private static Task<ClaimRunReply> PostAsync(
        HarnessClient client,
        ClaimRunRequest request,
        CancellationToken cancellation
    ) =>
        client.PostAsync(
            "api/v1/claims/runs",
            JsonSerializer.Serialize(request, DomainJson.Default.ClaimRunRequest),
            DomainJson.Default.ClaimRunReply,
            cancellation
        );

    private static Task<ClaimRow> JudgeAsync(
        HarnessClient client,
        string claim,
        CancellationToken cancellation
    ) =>
        client.PostAsync(
            $"api/v1/claims/{claim}/judge",
            null,
            DomainJson.Default.ClaimRow,
            cancellation
        );

    private static void Write(bool json, IReadOnlyList<ClaimRow> rows)
    {
        if (json)
        {
            Terminal.Json(rows, DomainJson.Default.IReadOnlyListClaimRow);
            return;
        }

        Terminal.Table(
            ["claim", "verdict", "statement"],
            [.. rows.Select(row => (IReadOnlyList<string>)[row.Claim, row.Verdict, row.Statement])]
        );
        foreach (var row in rows.Where(row => row.Document is not null))
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(Indented(row.Document!));
        }
    }

    private static string Indented(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        return JsonSerializer.Serialize(parsed.RootElement, ReadableJson.Options);
    }
}
