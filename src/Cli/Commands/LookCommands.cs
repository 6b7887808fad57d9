using System.CommandLine;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Catalogue;
using Harness.Domain.Metrics;

namespace Harness.Cli.Commands;

/// <summary>Commands that only look: <c>ls</c>, <c>show</c>, <c>logs</c>, <c>catalog</c>.</summary>
public static class LookCommands
{
    /// <summary><c>ls WHAT</c>.</summary>
    public static Command Ls()
    {
        var what = new Argument<string>("what")
        {
            Description = "sweeps, trials, workers or claims.",
            DefaultValueFactory = _ => "sweeps",
        };
        what.AcceptOnlyFromAmong("sweeps", "trials", "workers", "claims");
        var command = new Command("ls", "List sweeps, trials, workers or claims.") { what };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = SweepCommands.Client(parsed);
                var json = parsed.GetValue(Options.Json);
                switch (parsed.GetRequiredValue(what))
                {
                    case "sweeps":
                        var sweeps = await client.GetAsync(
                            "api/v1/sweeps?limit=500",
                            DomainJson.Default.PageSweepSummary,
                            cancellation
                        );
                        Write(
                            json,
                            sweeps,
                            DomainJson.Default.PageSweepSummary,
                            () => SweepTables.Sweeps(sweeps.Items)
                        );
                        break;
                    case "trials":
                        var trials = await client.GetAsync(
                            "api/v1/trials?limit=500",
                            DomainJson.Default.PageTrialRow,
                            cancellation
                        );
                        Write(
                            json,
                            trials,
                            DomainJson.Default.PageTrialRow,
                            () => SweepTables.Trials(trials.Items)
                        );
                        break;
                    case "workers":
                        var workers = await client.GetAsync(
                            "api/v1/workers",
                            DomainJson.Default.IReadOnlyListWorkerRow,
                            cancellation
                        );
                        Write(
                            json,
                            workers,
                            DomainJson.Default.IReadOnlyListWorkerRow,
                            () => Workers(workers)
                        );
                        break;
                    default:
                        var claims = await client.GetAsync(
                            "api/v1/claims",
                            DomainJson.Default.IReadOnlyListClaimRow,
                            cancellation
                        );
                        Write(
                            json,
                            claims,
                            DomainJson.Default.IReadOnlyListClaimRow,
                            () => Claims(claims)
                        );
                        break;
                }

                return 0;
            }
        );
        return command;
    }

    /// <summary><c>show ID</c>.</summary>
    public static Command Show()
    {
        var id = new Argument<string>("id")
        {
            Description = "S-7, T-7 or last.",
            DefaultValueFactory = _ => "last",
        };
        var command = new Command("show", "A sweep with its trials, or a trial with its history.")
        {
            id,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = SweepCommands.Client(parsed);
                var (name, json) = (parsed.GetRequiredValue(id), parsed.GetValue(Options.Json));
                if (name.StartsWith("T-", StringComparison.OrdinalIgnoreCase))
                {
                    var trial = await client.GetAsync(
                        $"api/v1/trials/{name}",
                        DomainJson.Default.TrialDetail,
                        cancellation
                    );
                    Write(json, trial, DomainJson.Default.TrialDetail, () => Trial(trial));
                }
                else
                {
                    var sweep = await client.GetAsync(
                        $"api/v1/sweeps/{name}",
                        DomainJson.Default.SweepDetail,
                        cancellation
                    );
                    Write(
                        json,
                        sweep,
                        DomainJson.Default.SweepDetail,
                        () => SweepTables.Trials(sweep.Trials)
                    );
                }

                return 0;
            }
        );
        return command;
    }

    /// <summary><c>logs TRIAL</c>.</summary>
    public static Command Logs()
    {
        var trial = new Argument<string>("trial") { Description = "T-7." };
        var command = new Command("logs", "What a trial's trainer wrote.") { trial };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = SweepCommands.Client(parsed);
                await using var output = Console.OpenStandardOutput();
                await client.CopyAsync(
                    $"api/v1/trials/{parsed.GetRequiredValue(trial)}/log",
                    output,
                    cancellation
                );
                return 0;
            }
        );
        return command;
    }

    /// <summary><c>catalog WHAT</c>.</summary>
    public static Command Catalog()
    {
        var what = new Argument<string>("what")
        {
            Description = "models, tasks or metrics.",
            DefaultValueFactory = _ => "models",
        };
        what.AcceptOnlyFromAmong("models", "tasks", "metrics");
        var command = new Command(
            "catalog",
            "What a sweep may name, with parameters, ranges and sources."
        )
        {
            what,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(Options.Json))
            {
                Terminal.Json(TrainerCatalogue.Current, DomainJson.Default.CatalogueFile);
                return 0;
            }

            var catalogue = TrainerCatalogue.Current;
            switch (parsed.GetRequiredValue(what))
            {
                case "models":
                    Terminal.Table(
                        ["model", "family", "parameters", "source"],
                        [
                            .. catalogue.Models.Select(m =>
                                (IReadOnlyList<string>)
                                    [m.Name, Words.Of(m.Family), Names(m.Parameters), m.Source]
                            ),
                        ]
                    );
                    break;
                case "tasks":
                    Terminal.Table(
                        ["task", "axis", "parameters", "chance", "source"],
                        [
                            .. catalogue.Tasks.Select(t =>
                                (IReadOnlyList<string>)
                                    [t.Name, t.Axis, Names(t.Parameters), t.Chance, t.Source]
                            ),
                        ]
                    );
                    break;
                default:
                    Terminal.Table(
                        ["metric", "unit", "better", "how it is taken"],
                        [
                            .. MetricCatalog.All.Select(m =>
                                (IReadOnlyList<string>)
                                    [m.Name, m.Unit, Words.Of(m.Better), m.Description]
                            ),
                        ]
                    );
                    break;
            }

            return 0;
        });
        return command;
    }

    private static string Names(IReadOnlyList<ParameterDefinition> parameters) =>
        string.Join(", ", parameters.Select(parameter => parameter.Name));

    private static void Write<T>(
        bool json,
        T value,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        Action otherwise
    )
    {
        if (json)
        {
            Terminal.Json(value, type);
        }
        else
        {
            otherwise();
        }
    }

    private static void Workers(IReadOnlyList<WorkerRow> workers) =>
        Terminal.Table(
            ["worker", "name", "host", "state", " slots", " busy", "seen"],
            [
                .. workers.Select(w =>
                    (IReadOnlyList<string>)
                        [
                            w.Worker,
                            w.Name,
                            w.Host,
                            w.State,
                            $"{w.Slots}",
                            $"{w.Busy}",
                            $"{w.SeenAt:HH:mm:ss}Z",
                        ]
                ),
            ]
        );

    private static void Claims(IReadOnlyList<ClaimRow> claims) =>
        Terminal.Table(
            ["claim", "verdict", "statement"],
            [
                .. claims.Select(claim =>
                    (IReadOnlyList<string>)[claim.Claim, claim.Verdict, claim.Statement]
                ),
            ]
        );

    private static void Trial(TrialDetail trial)
    {
        SweepTables.Trials([trial.Row]);
        Console.Out.WriteLine();
        Terminal.Table(
            ["at", "event", " token", "worker", "detail"],
            [
                .. trial.Events.Select(e =>
                    (IReadOnlyList<string>)
                        [
                            $"{e.At:HH:mm:ss.fff}Z",
                            e.Kind,
                            $"{e.Token}",
                            e.Worker ?? "",
                            e.Detail ?? "",
                        ]
                ),
            ]
        );
    }
}
