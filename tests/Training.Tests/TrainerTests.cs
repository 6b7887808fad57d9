using System.Text;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Training.Tests;

public sealed class TrainerTests
{
    [Fact]
    public void The_committed_catalogue_is_what_the_trainer_offers() =>
        JsonSerializer
            .Serialize(TrainerCatalogue.Current, ReadableJson.Options)
            .ShouldBe(
                JsonSerializer.Serialize(Numerics.Catalogue, ReadableJson.Options),
                "run ./dev catalogue"
            );

    [Fact]
    public void The_same_trial_twice_gives_the_same_bits()
    {
        var first = Result(Trial("gru", "parity"));
        var second = Result(Trial("gru", "parity"));
        second.ParameterHash.ShouldBe(first.ParameterHash);
        second.Metrics["loss"].ShouldBe(first.Metrics["loss"]);
        Result(Trial("gru", "parity") with { Seed = 2 })
            .ParameterHash.ShouldNotBe(first.ParameterHash);
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void The_fused_kernel_is_the_textbook_formula(string model)
    {
        var fused = Result(Trial(model, "copy-memory", ("kernel", SettingValue.Of("fused"))));
        var textbook = Result(Trial(model, "copy-memory", ("kernel", SettingValue.Of("textbook"))));
        textbook.Metrics["loss"].ShouldBe(fused.Metrics["loss"], 1e-9);
    }

    [Fact]
    public void Without_mask_and_positions_attention_commutes_with_permutations()
    {
        Error("none").ShouldBeLessThan(1e-10);
        Error("sinusoidal").ShouldBeGreaterThan(1e-3);

        static double Error(string positions) =>
            Result(
                Trial(
                    "transformer",
                    "copy-memory",
                    ("mask", SettingValue.Of("full")),
                    ("positions", SettingValue.Of(positions)),
                    ("probes", SettingValue.Of("permutation")),
                    ("steps", SettingValue.Of(0L))
                )
            ).Metrics["permutation_error"];
    }

    [Fact]
    public void The_gradient_of_a_linear_network_shrinks_by_its_gain_at_every_step()
    {
        var result = Result(
            Trial(
                "rnn",
                "parity",
                ("kernel", SettingValue.Of("textbook")),
                ("activation", SettingValue.Of("linear")),
                ("gain", SettingValue.Of(0.9)),
                ("probes", SettingValue.Of("gradient-flow")),
                ("steps", SettingValue.Of(0L))
            )
        );
        result.Metrics["gradient_factor"].ShouldBe(0.9, 1e-10);
        result.Metrics["gradient_ratio_50"].ShouldBe(Math.Pow(0.9, 50), 1e-10);
    }

    private static TrialSpec Trial(
        string model,
        string task,
        params (string Name, SettingValue Value)[] changed
    )
    {
        var catalogue = Numerics.Catalogue;
        var settings = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal);
        var parameters = catalogue
            .Common.Concat(catalogue.Models.First(entry => entry.Name == model).Parameters)
            .Concat(catalogue.Tasks.First(entry => entry.Name == task).Parameters);
        foreach (var parameter in parameters)
        {
            settings[parameter.Name] = parameter.Default!.Value;
        }

        settings["steps"] = SettingValue.Of(20L);
        settings["data_type"] = SettingValue.Of("float64");
        settings["evaluation_sequences"] = SettingValue.Of(16L);
        foreach (var (name, value) in changed)
        {
            settings[name] = value;
        }

        return new TrialSpec
        {
            Model = model,
            Task = task,
            Seed = 1,
            Settings = settings,
            Numerics = Numerics.Version,
        };
    }

    static TrainerTests() => Backend.Load(threads: 1);

    private static TrainerResult Result(TrialSpec spec)
    {
        using var output = new MemoryStream();
        new TrainingRun(spec, new EventWriter(output)).Run();
        return Encoding
            .UTF8.GetString(output.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, DomainJson.Default.TrainerEvent))
            .OfType<TrainerResult>()
            .Single();
    }
}
