using System.CommandLine;
using Harness.Cli.Client;
using Harness.Cli.Launcher;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Cli.Commands;

/// <summary><c>run SPEC</c>: up, submit, watch, report, stop.</summary>
public static class RunCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var spec = new Argument<string>("spec") { Description = "Sweep file." };
        var (workers, port, set) = (Options.Workers(), Options.Port(), Options.Set());
        var html = new Option<string?>("--html")
        {
            Description = "Write the report there as well.",
        };
        var failOn = new Option<string?>("--fail-on")
        {
            Description = "Exit 1 when trials: failed.",
        };
        failOn.AcceptOnlyFromAmong("failed");
        var command = new Command(
            "run",
            "Start what is needed, run a sweep to its end, write its report, stop."
        )
        {
            spec,
            workers,
            port,
            set,
            html,
            failOn,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    SpecText.Read(parsed.GetRequiredValue(spec), parsed.GetValue(set) ?? []),
                    new DataFolder(parsed.GetRequiredValue(Options.Data)),
                    new ServiceOptions(parsed.GetValue(workers), parsed.GetValue(port)),
                    parsed.GetValue(Options.Json),
                    parsed.GetValue(html),
                    parsed.GetValue(failOn),
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        SpecText spec,
        DataFolder data,
        ServiceOptions options,
        bool json,
        string? html,
        string? failOn,
        CancellationToken cancellation
    )
    {
        await using var holder = await Holder.TakeAsync(data, options, Terminal.Say, cancellation);
        using var client = HarnessClient.Open(null, data.Path);
        var reply = await client.SubmitAsync(spec.Text, spec.Settings, dryRun: false, cancellation);
        var sweep = reply.Sweep!;
        foreach (var warning in reply.Warnings)
        {
            Terminal.Say(warning);
        }

        Terminal.Say(
            $"{sweep}: {reply.Trials} trials, {reply.Reused} measured or queued before. Page: {client.Link($"sweeps/{sweep}")}"
        );
        var ended = await SweepWatch.FollowAsync(client, sweep, cancellation);
        if (!reply.Created)
        {
            Terminal.Say(
                $"{sweep} was submitted before; these are its results. `harness submit --fresh` would measure again."
            );
        }

        var detail = await client.GetAsync(
            $"api/v1/sweeps/{sweep}",
            DomainJson.Default.SweepDetail,
            cancellation
        );
        var report = await WriteReportAsync(client, data, sweep, html, cancellation);
        if (json)
        {
            Terminal.Json(detail, DomainJson.Default.SweepDetail);
        }
        else
        {
            SweepTables.Report(detail);
        }

        Terminal.Say($"{sweep} {Words.Of(ended.State)}. Report: {report}");
        return Failures(detail, failOn);
    }

    private static async Task<string> WriteReportAsync(
        HarnessClient client,
        DataFolder data,
        string sweep,
        string? html,
        CancellationToken cancellation
    )
    {
        foreach (var form in new[] { "html", "json" })
        {
            await using var file = File.Create(Path.Combine(data.Reports, $"{sweep}.{form}"));
            await client.CopyAsync($"api/v1/sweeps/{sweep}/report.{form}", file, cancellation);
        }

        var written = Path.Combine(data.Reports, $"{sweep}.html");
        if (html is not null)
        {
            File.Copy(written, html, overwrite: true);
        }

        return html ?? written;
    }

    private static int Failures(SweepDetail sweep, string? failOn)
    {
        var failed = sweep
            .Trials.Where(trial => trial.State is TrialState.Failed or TrialState.Quarantined)
            .ToList();
        foreach (
            var cause in failed.GroupBy(trial =>
                trial.Reason?.Split('\n')[0] ?? "no reason was kept"
            )
        )
        {
            Terminal.Say(
                $"{cause.Count()} trials failed ({string.Join(", ", cause.Take(5).Select(trial => trial.Trial))}): {cause.Key}"
            );
        }

        return failed.Count > 0 && failOn is not null ? 1 : 0;
    }
}
