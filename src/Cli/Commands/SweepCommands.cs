using System.CommandLine;
using Harness.Cli.Client;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Sweeps;

namespace Harness.Cli.Commands;

/// <summary>Commands about sweeps on a running server.</summary>
public static class SweepCommands
{
    /// <summary><c>submit SPEC</c>.</summary>
    public static Command Submit()
    {
        var spec = new Argument<string>("spec") { Description = "Sweep file." };
        var dry = new Option<bool>("--dry-run")
        {
            Description = "Check and count only; needs no server.",
        };
        var set = Options.Set();
        var command = new Command("submit", "Submit a sweep to a running server.")
        {
            spec,
            dry,
            set,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var text = SpecText.Read(parsed.GetRequiredValue(spec), parsed.GetValue(set) ?? []);
                SubmitReply reply;
                if (parsed.GetValue(dry))
                {
                    var trials = SweepExpansion.Trials(text.Spec);
                    reply = new SubmitReply
                    {
                        Created = false,
                        Trials = trials.Count,
                        Reused = 0,
                        Plan =
                        [
                            .. trials
                                .Take(10)
                                .Select(trial => $"{trial.Model} {trial.Task} seed {trial.Seed}"),
                        ],
                    };
                }
                else
                {
                    using var client = Client(parsed);
                    reply = await client.SubmitAsync(
                        text.Text,
                        text.Settings,
                        dryRun: false,
                        cancellation
                    );
                    Terminal.Say($"Page: {client.Link($"sweeps/{reply.Sweep}")}");
                }

                if (parsed.GetValue(Options.Json))
                {
                    Terminal.Json(reply, DomainJson.Default.SubmitReply);
                }
                else
                {
                    Console.Out.WriteLine(
                        reply.Sweep ?? $"{reply.Trials} trials; nothing was written"
                    );
                }

                return 0;
            }
        );
        return command;
    }

    /// <summary><c>watch</c> and <c>wait</c>: to the sweep's end, with progress or silent until then.</summary>
    public static Command Watch(string name, string description)
    {
        var sweep = Options.Sweep();
        var command = new Command(name, description) { sweep };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = Client(parsed);
                var ended = await SweepWatch.FollowAsync(
                    client,
                    parsed.GetRequiredValue(sweep),
                    cancellation
                );
                if (parsed.GetValue(Options.Json))
                {
                    Terminal.Json(ended, DomainJson.Default.SweepSummary);
                }
                else
                {
                    Console.Out.WriteLine($"{ended.Sweep} {Words.Of(ended.State)}");
                }

                return 0;
            }
        );
        return command;
    }

    /// <summary><c>cancel SWEEP</c>.</summary>
    public static Command Cancel()
    {
        var sweep = Options.Sweep();
        var command = new Command("cancel", "End a sweep: no new trial, running ones are stopped.")
        {
            sweep,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = Client(parsed);
                var summary = await client.PostAsync(
                    $"api/v1/sweeps/{parsed.GetRequiredValue(sweep)}/cancel",
                    null,
                    DomainJson.Default.SweepSummary,
                    cancellation
                );
                Console.Out.WriteLine($"{summary.Sweep} {Words.Of(summary.State)}");
                return 0;
            }
        );
        return command;
    }

    /// <summary><c>report SWEEP</c>.</summary>
    public static Command Report()
    {
        var sweep = Options.Sweep();
        var html = new Option<string?>("--html")
        {
            Description = "Write a self-contained page there.",
        };
        var markdown = new Option<string?>("--md") { Description = "Write Markdown there." };
        var command = new Command("report", "What a sweep says.") { sweep, html, markdown };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = Client(parsed);
                var path = $"api/v1/sweeps/{parsed.GetRequiredValue(sweep)}";
                var written = false;
                foreach (
                    var (form, file) in new[]
                    {
                        ("html", parsed.GetValue(html)),
                        ("md", parsed.GetValue(markdown)),
                    }
                )
                {
                    if (file is not null)
                    {
                        await using var output = File.Create(file);
                        await client.CopyAsync($"{path}/report.{form}", output, cancellation);
                        written = true;
                    }
                }

                if (parsed.GetValue(Options.Json))
                {
                    await using var output = Console.OpenStandardOutput();
                    await client.CopyAsync($"{path}/report.json", output, cancellation);
                }
                else if (!written)
                {
                    SweepTables.Report(
                        await client.GetAsync(path, DomainJson.Default.SweepDetail, cancellation)
                    );
                }

                return 0;
            }
        );
        return command;
    }

    /// <summary><c>export WHAT</c>.</summary>
    public static Command Export()
    {
        var what = new Argument<string>("what")
        {
            Description = "trials, metrics, profiles, attempts, verdicts, accuracy or events.",
        };
        what.AcceptOnlyFromAmong(
            "trials",
            "metrics",
            "profiles",
            "attempts",
            "verdicts",
            "accuracy",
            "events"
        );
        var form = new Option<string>("--format")
        {
            Description = "csv or jsonl.",
            DefaultValueFactory = _ => "jsonl",
        };
        form.AcceptOnlyFromAmong("csv", "jsonl");
        var sweep = new Option<string?>("--sweep") { Description = "Of one sweep only." };
        var command = new Command("export", "Every row of a public view, unsampled.")
        {
            what,
            form,
            sweep,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = Client(parsed);
                var query = parsed.GetValue(sweep) is { } id
                    ? $"&sweep={Uri.EscapeDataString(id)}"
                    : "";
                await using var output = Console.OpenStandardOutput();
                await client.CopyAsync(
                    $"api/v1/export/{parsed.GetRequiredValue(what)}?format={parsed.GetRequiredValue(form)}{query}",
                    output,
                    cancellation
                );
                return 0;
            }
        );
        return command;
    }

    internal static HarnessClient Client(ParseResult parsed) =>
        HarnessClient.Open(parsed.GetValue(Options.Server), parsed.GetRequiredValue(Options.Data));
}
