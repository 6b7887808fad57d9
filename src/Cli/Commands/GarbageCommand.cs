using System.CommandLine;
using System.Globalization;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Metrics;
using Harness.Domain.Sweeps;

namespace Harness.Cli.Commands;

/// <summary><c>harness gc</c>.</summary>
public static class GarbageCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Only say what would go.",
    };
    private static readonly IReadOnlyList<(GarbageKind Kind, Option<string?> Option)> Ages =
    [
        .. GarbageKind.All.Select(kind => (kind, Age(kind))),
    ];

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("gc", "Remove by age what nobody asks for any more.") { DryRun };
        foreach (var (_, option) in Ages)
        {
            command.Add(option);
        }

        command.SetAction(RunAsync);
        return command;
    }

    private static Option<string?> Age(GarbageKind kind)
    {
        var option = new Option<string?>($"--{kind.Name}")
        {
            Description = string.Create(
                CultureInfo.InvariantCulture,
                $"Keep {kind.Description} for so long; {kind.KeepSeconds / 86_400}d unless said."
            ),
            HelpName = "AGE",
        };
        option.Validators.Add(result =>
        {
            foreach (
                var token in result.Tokens.Where(token => Units.AgeSeconds(token.Value) is null)
            )
            {
                result.AddError($"--{kind.Name}: '{token.Value}' is not {Units.AgeGrammar}.");
            }
        });
        return option;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        await using var session = await Session.ToReadAsync(result, cancellation);
        var query = Ages.Select(age => (age.Kind.Name, Value: result.GetValue(age.Option)))
            .Where(age => age.Value is not null)
            .Select(age => $"&{age.Name}={Uri.EscapeDataString(age.Value!)}");
        var report = await session.Client.PostAsync(
            $"gc?dry_run={(result.GetValue(DryRun) ? "true" : "false")}{string.Concat(query)}",
            null,
            "application/json",
            DomainJson.Default.GarbageReport,
            cancellation
        );
        if (session.Terminal.Json)
        {
            session.Terminal.Write(report, DomainJson.Default.GarbageReport);
            return 0;
        }

        session.Terminal.Write(
            new TextTable(
                [
                    new("Kind"),
                    new("What"),
                    new("Older than"),
                    new(report.DryRun ? "Would go" : "Gone", true),
                ],
                [
                    .. report.Kinds.Select(row =>
                        (IReadOnlyList<string>)
                            [
                                row.Kind,
                                row.Description,
                                row.AgeSeconds is { } age
                                    ? Format.Duration(TimeSpan.FromSeconds(age))
                                    : "",
                                Format.Count(row.Rows),
                            ]
                    ),
                ]
            )
        );
        return 0;
    }
}
