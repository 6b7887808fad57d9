using System.Text.Json.Nodes;
using Harness.Domain.Catalogue;

namespace Harness.Domain.Sweeps;

/// <summary>The part of the JSON Schema that comes from the catalogue: parameters, cells, conditions.</summary>
/// <param name="index">What may be named.</param>
internal sealed class SettingSchema(SettingIndex index)
{
    // Under `parameters` the steps stand nowhere: they are the budget's.
    private const string Steps = "steps";
    private static readonly string[] Comparisons = ["gte", "gt", "lte", "lt"];
    private static readonly string[] Distributions = ["uniform", "log_uniform"];
    private static readonly string[] Bounds = ["distribution", "min", "max"];

    /// <summary>A definition a name, which the others refer to: <c>value-width</c>, <c>values-width</c>, <c>tests-width</c>.</summary>
    public JsonObject Definitions()
    {
        var definitions = new JsonObject();
        foreach (var name in index.Names)
        {
            var kinds = index.Definitions(name);
            definitions[$"value-{name}"] =
                kinds.Count == 1
                    ? Value(kinds[0])
                    // A name that tasks share may have another range in each.
                    : new JsonObject { ["anyOf"] = new JsonArray([.. kinds.Select(Value)]) };
            definitions[$"values-{name}"] = Values(name, kinds[0]);
            definitions[$"tests-{name}"] = Tests(name);
        }

        return definitions;
    }

    /// <summary>Names to values.</summary>
    /// <param name="steps">Whether the steps may stand there.</param>
    public JsonObject Parameters(bool steps) =>
        Named("values", name => steps || name != Steps, "Settings by name.");

    /// <summary>Names to one value each.</summary>
    public JsonObject Cell() => Named("value", name => name != Steps, "A cell.");

    /// <summary>Names to tests that must all hold.</summary>
    public JsonObject Conditions()
    {
        var schema = Named("tests", _ => true, "Tests that must all hold.");
        schema["minProperties"] = 1;
        return schema;
    }

    /// <summary>One value of a setting.</summary>
    public static JsonObject Value(ParameterDefinition definition)
    {
        if (definition.Choices is { } choices)
        {
            return SweepSchema.Choice(definition.Description, choices);
        }

        var schema = new JsonObject
        {
            ["description"] = definition.Description,
            ["type"] = definition.Kind switch
            {
                ParameterKind.Integer => "integer",
                ParameterKind.Number => "number",
                ParameterKind.Flag => "boolean",
                _ => "string",
            },
        };
        if (definition.Min is { } min)
        {
            schema["minimum"] = min;
        }

        if (definition.Max is { } max)
        {
            schema["maximum"] = max;
        }

        return schema;
    }

    private static JsonObject Values(string name, ParameterDefinition definition)
    {
        var ways = new JsonArray(
            SweepSchema.Closed("One value.", ["value"], ("value", Refer("value", name))),
            SweepSchema.Closed(
                "Several values.",
                ["values"],
                (
                    "values",
                    new JsonObject
                    {
                        ["type"] = "array",
                        ["minItems"] = 1,
                        ["uniqueItems"] = true,
                        ["items"] = Refer("value", name),
                    }
                )
            )
        );
        if (definition.Kind is ParameterKind.Integer or ParameterKind.Number)
        {
            ways.Add(
                SweepSchema.Closed(
                    "Values spread between two bounds; the random method draws them.",
                    Bounds,
                    ("distribution", SweepSchema.Choice("How.", Distributions)),
                    ("min", Refer("value", name)),
                    ("max", Refer("value", name)),
                    ("count", SweepSchema.Whole("How many, in a grid.", 2, 10_000))
                )
            );
        }

        return new() { ["description"] = definition.Description, ["oneOf"] = ways };
    }

    private static JsonObject Tests(string name)
    {
        var several = SweepSchema.List(Refer("value", name), "Any of these.");
        return new()
        {
            ["anyOf"] = new JsonArray(
                Refer("value", name),
                several,
                SweepSchema.Closed(
                    "Comparisons.",
                    [],
                    [
                        ("in", several.DeepClone().AsObject()),
                        .. Comparisons.Select(test => (test, Refer("value", name))),
                    ]
                )
            ),
        };
    }

    private JsonObject Named(string kind, Func<string, bool> takes, string description) =>
        SweepSchema.Closed(
            description,
            [],
            [.. index.Names.Where(takes).Select(name => (name, Refer(kind, name)))]
        );

    private static JsonObject Refer(string kind, string name) =>
        new() { ["$ref"] = $"#/$defs/{kind}-{name}" };
}
