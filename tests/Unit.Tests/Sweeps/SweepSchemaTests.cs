using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Domain.Catalogue;
using Harness.Domain.Sweeps;
using Harness.Unit.Tests.CommandLine;
using Harness.Unit.Tests.Shape;
using Json.Schema;

namespace Harness.Unit.Tests.Sweeps;

/// <summary>The JSON Schema that ships says what the binder does, to a validator that knows neither.</summary>
[Collection(OneConsole.Name)]
public sealed class SweepSchemaTests
{
    private const string File = "docs/sweep.schema.json";

    private static readonly JsonSchema Schema = JsonSchema.FromText(Repository.Read(File));

    public static TheoryData<string> Sweeps() =>
        [
            .. Repository.Files.Where(file =>
                file.StartsWith("sweeps/", StringComparison.Ordinal)
                && file.EndsWith(".yml", StringComparison.Ordinal)
            ),
        ];

    // Mistakes that no schema can see: of whole cells, of keys that stand twice, of marks that JSON has not.
    public static TheoryData<Mistake> Visible() =>
        [
            .. Mistakes.All.Where(mistake =>
                mistake.Path.Length > 0
                && !mistake.Told.Contains("cell", StringComparison.Ordinal)
                && !Unseen.Any(part => mistake.Told.Contains(part, StringComparison.Ordinal))
            ),
        ];

    private static readonly string[] Unseen =
    [
        "does not apply",
        "does not divide",
        "cannot serve",
        "excludes every trial",
        "100,000 are allowed",
        "U+202E",
        "min below max",
        "parameters' needs",
    ];

    [Fact]
    public async Task The_committed_schema_is_the_one_that_the_command_prints()
    {
        var ended = await Terminals.RunAsync("catalog", "schema");
        ended.ExitCode.ShouldBe(0, ended.Messages);
        Repository.Read(File).ShouldBe(ended.Output, "stale: ./dev catalogue writes it");
    }

    [Fact]
    public void The_right_file_of_the_table_of_mistakes_validates() =>
        Faults(Mistakes.Right).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Sweeps))]
    public void Every_sweep_that_ships_validates(string file)
    {
        SweepFile.Parse(Repository.Read(file)).Problems.ShouldBeEmpty();
        Faults(Repository.Read(file)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "method: random\ntrials: 3\nparameters: {model: {value: rnn}, task: {value: parity}}"
    )]
    [InlineData("method: list\ntrials: [{model: rnn, task: parity}]")]
    [InlineData("parameters: {model: {value: gru}, task: {values: [parity]}}\nlabels: {a: 1}")]
    public void What_the_binder_takes_validates(string body)
    {
        var text = $"version: 1\nname: x\nseeds: {{values: [7]}}\nbudget: {{steps: 1}}\n{body}\n";
        SweepFile.Parse(text).Problems.ShouldBeEmpty();
        Faults(text).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Visible))]
    public void A_mistake_that_a_schema_can_see_does_not_validate(Mistake mistake) =>
        Faults(Mistakes.Right.Replace(mistake.Right, mistake.Wrong, StringComparison.Ordinal))
            .ShouldNotBeEmpty();

    [Fact]
    public void Every_mapping_of_the_schema_has_the_keys_that_the_binder_takes()
    {
        var schema = SweepSchema.Of(TrainerCatalogue.Current)["properties"]!.AsObject();
        schema.Select(entry => entry.Key).ShouldBe(SweepBinder.Keys);
        foreach (var key in new[] { "metric", "budget", "retry", "placement" })
        {
            var text = $"{Mistakes.Right}\n";
            var start = text.IndexOf($"\n{key}: {{", StringComparison.Ordinal) + key.Length + 4;
            var problem = SweepFile
                .Parse(text.Insert(start, "qqqq: 1, "))
                .Problems.ShouldHaveSingleItem();
            schema[key]!["properties"]!
                .AsObject()
                .Select(entry => entry.Key)
                .ShouldBeSubsetOf(problem.Allowed!);
        }
    }

    private static List<string> Faults(string yaml)
    {
        var (root, problem) = YamlReader.Read(yaml);
        problem.ShouldBeNull();
        using var document = JsonDocument.Parse(Json(root!)?.ToJsonString() ?? "null");
        var result = Schema.Evaluate(
            document.RootElement,
            new EvaluationOptions { OutputFormat = OutputFormat.List }
        );
        return result.IsValid
            ? []
            :
            [
                .. (result.Details ?? [])
                    .Where(detail => detail.Errors is not null)
                    .Select(detail =>
                        $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}"
                    )
                    .DefaultIfEmpty("not valid"),
            ];
    }

    // The core schema of YAML 1.2: a plain word may be a number or a flag.
    private static JsonNode? Json(YamlNode node) =>
        node switch
        {
            YamlMap map => new JsonObject(
                map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Json(entry.Value)))
            ),
            YamlList list => new JsonArray([.. list.Items.Select(Json)]),
            YamlScalar { IsNull: true } => null,
            YamlScalar { Plain: true, Text: "true" or "false" } flag => flag.Text == "true",
            YamlScalar { Plain: true } plain
                when long.TryParse(plain.Text, CultureInfo.InvariantCulture, out var whole) =>
                whole,
            YamlScalar { Plain: true } plain
                when double.TryParse(plain.Text, CultureInfo.InvariantCulture, out var number)
                    && double.IsFinite(number) => number,
            YamlScalar text => text.Text,
            _ => throw new InvalidOperationException(node.Kind),
        };
}
