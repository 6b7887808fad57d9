using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Catalogue;
using Harness.Domain.Metrics;
using Harness.Domain.Sweeps;

namespace Harness.Cli.Commands;

/// <summary><c>harness catalog [models|tasks|metrics|schema]</c>: what a sweep can name.</summary>
public static class CatalogCommand
{
    private static readonly Argument<string> What = new("WHAT")
    {
        Description =
            "models, tasks or metrics, without it all three; schema: the JSON Schema of a sweep file.",
        DefaultValueFactory = _ => "all",
    };

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Default)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file for editors, never part of a page
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        Globals.AcceptOnly(What, "models", "tasks", "metrics", "schema", "all");
        var command = new Command("catalog", "List models, tasks and metrics.") { What };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        var terminal = Session.TerminalOf(result);
        var what = result.GetValue(What)!;
        if (what == "schema")
        {
            terminal.Write(SweepSchema.Of(TrainerCatalogue.Current).ToJsonString(Indented));
            return 0;
        }

        if (terminal.Json)
        {
            WriteJson(terminal, what);
            return 0;
        }

        if (what is "models" or "all")
        {
            terminal.Write(Models());
        }

        if (what is "tasks" or "all")
        {
            terminal.Write(Tasks());
        }

        if (what is "metrics" or "all")
        {
            terminal.Write(Metrics());
        }

        return 0;
    }

    private static void WriteJson(Terminal terminal, string what)
    {
        var file = TrainerCatalogue.Current;
        if (what == "metrics")
        {
            terminal.Write(MetricCatalog.All, CliJson.Default.IReadOnlyListMetricDefinition);
            return;
        }

        // One form for all: the catalogue file, with what was not asked for left empty.
        terminal.Write(
            file with
            {
                Models = what == "tasks" ? [] : file.Models,
                Tasks = what == "models" ? [] : file.Tasks,
            },
            DomainJson.Default.CatalogueFile
        );
    }

    private static TextTable Models() =>
        new(
            [new("Model"), new("Family"), new("What"), new("Settings of its own")],
            [
                .. TrainerCatalogue.Current.Models.Select(model =>
                    (IReadOnlyList<string>)
                        [
                            model.Name,
                            Words.Of(model.Family),
                            model.Description,
                            Settings(model.Parameters),
                        ]
                ),
            ]
        );

    private static TextTable Tasks() =>
        new(
            [new("Task"), new("By"), new("What"), new("Settings of its own")],
            [
                .. TrainerCatalogue.Current.Tasks.Select(task =>
                    (IReadOnlyList<string>)
                        [task.Name, task.Axis ?? "", task.Description, Settings(task.Parameters)]
                ),
            ]
        );

    private static TextTable Metrics() =>
        new(
            [new("Metric"), new("Unit"), new("Better"), new("What")],
            [
                .. MetricCatalog.All.Select(metric =>
                    (IReadOnlyList<string>)
                        [metric.Name, metric.Unit, Words.Of(metric.Better), metric.Description]
                ),
            ]
        );

    private static string Settings(IReadOnlyList<ParameterDefinition> parameters) =>
        string.Join(
            ", ",
            parameters.Select(parameter =>
                parameter.Choices is { } choices
                    ? $"{parameter.Name} ({string.Join('|', choices)})"
                    : parameter.Name
            )
        );
}
