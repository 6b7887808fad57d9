using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Harness.Domain;
using Harness.Domain.Catalogue;
using Harness.Domain.Metrics;
using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Probes;
using Harness.Training.Tasks;

namespace Harness.Training.Tests.Catalogue;

public sealed partial class CatalogueTests
{
    private static readonly CatalogueFile File = Catalogs.Shipped.File;

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex Snake();

    [Fact]
    public void The_committed_catalogue_is_what_the_trainer_offers() =>
        System
            .IO.File.ReadAllText(Committed())
            .TrimEnd()
            .ShouldBe(
                JsonSerializer.Serialize(File, ReadableJson.Options),
                "the committed catalogue is stale: run ./dev catalogue and build again"
            );

    [Fact]
    public void Everything_outside_the_trainer_reads_the_same_catalogue() =>
        JsonSerializer
            .Serialize(TrainerCatalogue.Current, ReadableJson.Options)
            .ShouldBe(JsonSerializer.Serialize(File, ReadableJson.Options), "run ./dev catalogue");

    [Fact]
    public void Every_model_class_is_in_the_catalogue() =>
        Unlisted<SequenceModel, ModelDefinition>(Catalogs.Shipped.Models)
            .ShouldBeEmpty("add a line to ModelCatalog.All");

    [Fact]
    public void Every_task_class_is_in_the_catalogue() =>
        Unlisted<SequenceTask, TaskDefinition>(Catalogs.Shipped.Tasks)
            .ShouldBeEmpty("add a line to TaskCatalog.All");

    [Fact]
    public void Every_probe_class_is_in_the_catalogue() =>
        Unlisted<ProbeDefinition, ProbeDefinition>(Catalogs.Shipped.Probes)
            .ShouldBeEmpty("add a line to ProbeCatalog.All");

    [Fact]
    public void Names_are_unique_and_in_kebab_case()
    {
        foreach (
            var names in new[]
            {
                File.Models.Select(entry => entry.Name).ToList(),
                [.. File.Tasks.Select(entry => entry.Name)],
                [.. File.Probes.Select(entry => entry.Name)],
            }
        )
        {
            names.ShouldNotBeEmpty();
            names.ShouldBeUnique();
            names.ShouldAllBe(name => Kebab().IsMatch(name));
        }
    }

    [Fact]
    public void Settings_of_a_trial_have_names_of_their_own_and_defaults_that_fit()
    {
        foreach (var model in File.Models)
        {
            foreach (var task in File.Tasks)
            {
                var all = File.Common.Concat(model.Parameters).Concat(task.Parameters).ToList();
                all.Select(parameter => parameter.Name).ShouldBeUnique();
                all.Where(parameter => !Snake().IsMatch(parameter.Name)).ShouldBeEmpty();
                all.Where(parameter => !Fits(parameter)).ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public void Every_metric_of_a_probe_is_declared_and_every_probe_of_a_model_exists()
    {
        var metrics = MetricCatalog.All.Select(metric => metric.Name).ToHashSet();
        File.Probes.SelectMany(probe => probe.Metrics)
            .Where(name => !metrics.Contains(name))
            .ShouldBeEmpty("add a line to MetricCatalog");
        File.Models.SelectMany(model => model.Probes)
            .Except(File.Probes.Select(probe => probe.Name))
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_trial_reports_declared_metrics_and_those_of_its_probes(string name)
    {
        var model = File.Models.First(entry => entry.Name == name);
        var recorded = Recorded.Run(
            SomeTrial
                .Of(name, "copy-memory")
                .With("probes", string.Join(',', model.Probes))
                .With("probe_length", 64)
                .With("max_trial_time", 0)
                .With("steps", 3)
        );
        var reported = recorded.Result.Metrics.Keys.ToHashSet();
        var declared = MetricCatalog.All.Select(metric => metric.Name).ToHashSet();
        reported
            .Concat(recorded.Events.OfType<TrainerPoints>().Select(points => points.Metric))
            .Where(metric => !declared.Contains(metric))
            .ShouldBeEmpty("add a line to MetricCatalog");
        reported.IsSupersetOf(["accuracy", "chance", "gap", "loss", "exact_match"]).ShouldBeTrue();
    }

    public static TheoryData<string> Models() => [.. File.Models.Select(entry => entry.Name)];

    // Types of the trainer that are, or define, one of its things, and whose definition is in no list.
    private static IEnumerable<string> Unlisted<TThing, TDefinition>(
        IReadOnlyList<TDefinition> listed
    ) =>
        typeof(Catalogs)
            .Assembly.GetTypes()
            .Select(type =>
                (
                    Type: type,
                    Definition: type.GetProperty(
                        "Definition",
                        BindingFlags.Public | BindingFlags.Static
                    )
                )
            )
            .Where(found =>
                (found.Type.IsSubclassOf(typeof(TThing)) && !found.Type.IsAbstract)
                || found.Definition?.PropertyType == typeof(TDefinition)
            )
            .Where(found => !listed.Contains((TDefinition?)found.Definition?.GetValue(null)!))
            .Select(found => found.Type.Name);

    private static bool Fits(ParameterDefinition parameter) =>
        parameter.Default is { } value
        && parameter.Kind switch
        {
            ParameterKind.Choice => parameter.Choices?.Contains(value.Text) ?? value.IsText,
            ParameterKind.Integer => value.IsInteger
                && value.Number >= parameter.Min
                && value.Number <= parameter.Max,
            ParameterKind.Number => value.Number >= parameter.Min && value.Number <= parameter.Max,
            _ => value.IsFlag,
        };

    private static string Committed()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Harness.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "src/Domain/Catalogue/catalogue.json");
    }
}
