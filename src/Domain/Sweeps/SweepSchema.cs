using System.Text.Json.Nodes;
using Harness.Domain.Catalogue;
using Harness.Domain.Metrics;

namespace Harness.Domain.Sweeps;

/// <summary>The JSON Schema of a sweep file (draft 2020-12), for editors: what the binder takes, in another notation.</summary>
/// <remarks>What only whole cells show (a setting that does not apply, heads that do not divide the width) is not in it.</remarks>
public static class SweepSchema
{
    private const string Duration =
        @"^(?=\d)(\d+(\.\d+)?h)?(\d+(\.\d+)?m)?(\d+(\.\d+)?s)?(\d+ms)?$";
    private const string Size = @"^\d+(\.\d+)?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$";

    /// <summary>The schema of files that name what that catalogue offers.</summary>
    public static JsonObject Of(CatalogueFile catalogue)
    {
        var index = new SettingIndex(catalogue);
        var values = new SettingSchema(index);
        var properties = new JsonObject();
        foreach (var key in SweepBinder.Keys)
        {
            properties[key] = SweepBinder.NotYet.Contains(key)
                ? new JsonObject
                {
                    ["description"] = "Not yet: this version refuses it.",
                    ["not"] = new JsonObject(),
                }
                : Key(key, index, values);
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Harness sweep file, version 1",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = Texts(["version", "name", "seeds", "budget"]),
            ["properties"] = properties,
            ["allOf"] = new JsonArray(
                When("list", trials: true, parameters: false),
                When("random", trials: true, parameters: true),
                When("grid", trials: false, parameters: true)
            ),
            ["$defs"] = values.Definitions(),
        };
    }

    private static JsonObject Key(string key, SettingIndex index, SettingSchema values) =>
        key switch
        {
            "version" => new() { ["const"] = 1 },
            "name" => Text("Name of the sweep.", 100),
            "description" => Text("What it is for.", LabelBinder.LongestText),
            "labels" => new()
            {
                ["description"] = "Words to find the sweep by.",
                ["type"] = "object",
                ["propertyNames"] = new JsonObject { ["pattern"] = "^[A-Za-z0-9._-]{1,63}$" },
                // A plain number or flag is a text here.
                ["additionalProperties"] = new JsonObject
                {
                    ["type"] = Texts(["string", "number", "boolean"]),
                },
            },
            "method" => Choice("How cells are chosen.", ["grid", "random", "list"]),
            "trials" => new()
            {
                ["description"] = "random: how many cells; list: the cells.",
                ["oneOf"] = new JsonArray(
                    Whole("Cells.", 1, SweepExpansion.Cap),
                    List(values.Cell(), "Cells.")
                ),
            },
            "random_seed" => Whole("Key of the draws of the random method.", 0, long.MaxValue),
            "parameters" => values.Parameters(steps: false),
            "overrides" => List(
                Closed(
                    "Settings of some cells.",
                    ["when", "set"],
                    ("when", values.Conditions()),
                    ("set", values.Parameters(steps: true))
                ),
                "Settings of some cells, one after the other."
            ),
            "constraints" => List(
                Closed("Cells that are left out.", ["exclude"], ("exclude", values.Conditions())),
                "Cells that are left out."
            ),
            "seeds" => Seeds(),
            "metric" => Closed(
                "What the sweep is judged by.",
                [],
                ("name", Choice("A metric.", MetricCatalog.All.Select(metric => metric.Name))),
                ("goal", Choice("Better direction.", ["maximize", "minimize"]))
            ),
            "probes" => new()
            {
                ["description"] = "Measurements beside training.",
                ["type"] = "array",
                ["uniqueItems"] = true,
                ["items"] = Choice("A probe.", index.Catalogue.Probes.Select(probe => probe.Name)),
            },
            "budget" => Closed(
                "What limits a trial.",
                ["steps"],
                ("steps", SettingSchema.Value(index.Definitions("steps")[0])),
                ("max_trial_time", Pattern("Such as 90s, 2m or 1h30m.", Duration))
            ),
            "early_stopping" => Closed(
                "Not yet: another type than none.",
                ["type"],
                ("type", Choice("Rule.", ["none"]))
            ),
            "resources" => Resources(index),
            "placement" => Closed(
                "Where trials run; not yet: other values.",
                [],
                ("same_hardware", Choice("Trials that are compared.", ["required"])),
                ("interleave", new JsonObject { ["const"] = true }),
                ("exclusive", new JsonObject { ["const"] = false })
            ),
            "max_concurrent_trials" => Whole("Trials at a time.", 1, int.MaxValue),
            "priority" => Whole("Higher first.", -1_000_000, 1_000_000),
            "retry" => Closed(
                "Failure budgets of a trial.",
                [],
                ("max_crashes", Whole("Losses by infrastructure.", 0, 1000)),
                ("max_retries", Whole("Failures of the job.", 0, 1000))
            ),
            "checkpoint" => Closed(
                "Keeps a trial's state, so that it goes on where an attempt was lost.",
                ["every"],
                ("every", Whole("Steps.", 1, (long)index.Definitions("checkpoint_every")[0].Max!))
            ),
            _ => throw new InvalidOperationException($"The key {key} has no schema."),
        };

    private static JsonObject Resources(SettingIndex index)
    {
        var list = List(
            Closed(
                "What a trial takes.",
                [],
                ("cpu", SettingSchema.Value(index.Definitions("threads")[0])),
                ("memory", Pattern("Such as 512MiB or 1GiB.", Size))
            ),
            "What a trial takes; not yet: several alternatives."
        );
        (list["minItems"], list["maxItems"]) = (1, 1);
        return list;
    }

    private static JsonObject Seeds() =>
        new()
        {
            ["description"] = "How many seeds, or which.",
            ["oneOf"] = new JsonArray(
                Whole("How many: 1, 2, …", 1, LabelBinder.MaxSeeds),
                Closed(
                    "Which.",
                    ["values"],
                    (
                        "values",
                        new JsonObject
                        {
                            ["type"] = "array",
                            ["minItems"] = 1,
                            ["maxItems"] = LabelBinder.MaxSeeds,
                            ["uniqueItems"] = true,
                            ["items"] = Whole("A seed.", 0, long.MaxValue),
                        }
                    )
                )
            ),
        };

    // A method decides whether `trials` is there, and what `parameters` must name. The grid is the default.
    private static JsonObject When(string method, bool trials, bool parameters)
    {
        var asked = new JsonObject
        {
            ["properties"] = new JsonObject { ["method"] = new JsonObject { ["const"] = method } },
        };
        if (method != "grid")
        {
            asked["required"] = Texts(["method"]);
        }

        var properties = new JsonObject
        {
            ["trials"] = trials
                ? new JsonObject { ["type"] = method == "list" ? "array" : "integer" }
                : false,
        };
        var required = new List<string>();
        if (trials)
        {
            required.Add("trials");
        }

        if (parameters)
        {
            required.Add("parameters");
            properties["parameters"] = new JsonObject { ["required"] = Texts(["model", "task"]) };
        }

        return new()
        {
            ["if"] = asked,
            ["then"] = new JsonObject
            {
                ["required"] = Texts(required),
                ["properties"] = properties,
            },
        };
    }

    internal static JsonObject Closed(
        string description,
        IEnumerable<string> required,
        params (string Key, JsonObject Schema)[] properties
    )
    {
        var named = new JsonObject();
        foreach (var (key, schema) in properties)
        {
            named[key] = schema;
        }

        return new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = Texts(required),
            ["properties"] = named,
        };
    }

    internal static JsonObject List(JsonObject items, string description) =>
        new()
        {
            ["description"] = description,
            ["type"] = "array",
            ["items"] = items,
        };

    internal static JsonObject Choice(string description, IEnumerable<string> words) =>
        new() { ["description"] = description, ["enum"] = Texts(words) };

    internal static JsonObject Whole(string description, long min, long max) =>
        new()
        {
            ["description"] = description,
            ["type"] = "integer",
            ["minimum"] = min,
            ["maximum"] = max,
        };

    internal static JsonArray Texts(IEnumerable<string> texts) =>
        [.. texts.Select(text => (JsonNode)text)];

    private static JsonObject Text(string description, int longest) =>
        new()
        {
            ["description"] = description,
            ["type"] = "string",
            ["maxLength"] = longest,
        };

    private static JsonObject Pattern(string description, string pattern) =>
        new()
        {
            ["description"] = description,
            ["type"] = "string",
            ["pattern"] = pattern,
        };
}
