using System.CommandLine;
using System.Globalization;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Cli.Commands;

/// <summary><c>harness show S-1|T-7|last</c>.</summary>
public static class ShowCommand
{
    private static readonly Argument<string> Id = new("ID")
    {
        Description = "Sweep (S-1, last) or trial (T-7).",
        DefaultValueFactory = _ => "last",
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command(
            "show",
            "Show a sweep with its trials, or a trial with its history."
        )
        {
            Id,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var id = result.GetValue(Id)!;
        await using var session = await Session.ToReadAsync(result, cancellation);
        if (id.StartsWith("T-", StringComparison.OrdinalIgnoreCase))
        {
            await TrialAsync(session, id, cancellation);
            return 0;
        }

        var sweep = await session.Client.GetAsync(
            $"sweeps/{await session.SweepAsync(id, cancellation)}",
            DomainJson.Default.SweepDetail,
            cancellation
        );
        Outcome.Write(session.Terminal, sweep);
        if (!session.Terminal.Json)
        {
            session.Terminal.Write(TrialTable.Of(sweep.Trials));
        }

        return 0;
    }

    private static async Task TrialAsync(Session session, string id, CancellationToken cancellation)
    {
        var trial = await session.Client.GetAsync(
            $"trials/{LogsCommand.Trial(id)}",
            DomainJson.Default.TrialDetail,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(trial, DomainJson.Default.TrialDetail);
            return;
        }

        session.Terminal.Write(Facts(trial.Row));
        session.Terminal.Write(History(trial.Events));
    }

    private static TextTable Facts(TrialRow row)
    {
        var facts = new List<(string Name, string Value)>
        {
            ("Trial", row.Trial),
            ("Sweep", row.Sweep),
            ("Model", row.Model),
            ("Task", row.Task),
            ("Seed", row.Seed.ToString(CultureInfo.InvariantCulture)),
            ("State", Words.Of(row.State)),
        };
        if (row.Outcome is { } outcome)
        {
            facts.Add(("Outcome", Words.Of(outcome)));
        }

        if (row.Reason is { } reason)
        {
            facts.Add(("Reason", reason));
        }

        facts.AddRange(row.Parameters.Select(setting => (setting.Key, setting.Value.ToString())));
        facts.AddRange(
            MetricCatalog
                .All.Where(metric => TrialMetrics.Value(row, metric.Name) is not null)
                .Select(metric =>
                    (metric.Title, Format.Metric(metric.Name, TrialMetrics.Value(row, metric.Name)))
                )
        );
        return new(
            [new("Fact"), new("Value")],
            [.. facts.Select(fact => (IReadOnlyList<string>)[fact.Name, fact.Value])]
        );
    }

    private static TextTable History(IReadOnlyList<EventRow> events) =>
        new(
            [new("At (UTC)"), new("Event"), new("Token", true), new("Worker"), new("Detail")],
            [
                .. events.Select(row =>
                    (IReadOnlyList<string>)
                        [
                            row.At.UtcDateTime.ToString(
                                "HH:mm:ss.fff",
                                CultureInfo.InvariantCulture
                            ),
                            row.Kind,
                            row.Token?.ToString(CultureInfo.InvariantCulture) ?? "",
                            row.Worker ?? "",
                            row.Detail ?? "",
                        ]
                ),
            ]
        );
}
