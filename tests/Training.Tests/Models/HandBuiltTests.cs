using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Models;

/// <summary>Networks whose weights are set by hand solve what their family can express: no training, no luck.</summary>
public sealed class HandBuiltTests
{
    [Theory]
    [InlineData("fused")]
    [InlineData("textbook")]
    public void Two_states_carry_the_parity_of_ten_thousand_bits(string kernel)
    {
        var spec = SomeTrial
            .Of("rnn", "parity")
            .With("kernel", kernel)
            .With("activation", "relu")
            .With("width", 2)
            .With("length", 2000) // evaluated on five times as many bits
            .With("evaluation_sequences", 2);
        // With parity p and bit x: u = relu(p + x), v = relu(p + x - 1), and the new parity is u - 2 v.
        var metrics = Evaluate(
            spec,
            new()
            {
                ["_embed.weight"] = new double[,]
                {
                    { 0, 0 },
                    { 1, 1 },
                },
                ["weight_ih_l0"] = new double[,]
                {
                    { 1, 0 },
                    { 0, 1 },
                },
                ["weight_hh_l0"] = new double[,]
                {
                    { 1, -2 },
                    { 1, -2 },
                },
                ["bias_ih_l0"] = new double[] { 0, -1 },
                ["bias_hh_l0"] = new double[] { 0, 0 },
                ["_head.weight"] = new double[,]
                {
                    { -1, 2 },
                    { 1, -2 },
                },
                ["_head.bias"] = new double[] { 0.5, -0.5 },
            }
        );
        metrics["accuracy"].ShouldBe(1);
        metrics["accuracy_beyond"].ShouldBe(1);
        metrics["exact_match"].ShouldBe(1);
    }

    [Theory]
    [InlineData("fused")]
    [InlineData("textbook")]
    public void One_head_that_looks_back_by_a_fixed_distance_copies(string kernel)
    {
        const int Items = 4;
        const int Lag = 9;
        const int Symbols = 5;
        const int Vocabulary = Symbols + 2;
        const int Positions = 4 * Lag + 2 * Items; // the task evaluates lags up to four times the trained one
        const int Width = Vocabulary + Positions;
        var spec = SomeTrial
            .Of("transformer", "copy-memory")
            .With("kernel", kernel)
            .With("positions", "learned")
            .With("heads", 1)
            .With("width", Width)
            .With("items", Items)
            .With("lag", Lag)
            .With("symbols", Symbols)
            .With("probe_length", Positions);

        // A token is a unit vector of the first part, its position one of the second.
        var embed = new double[Vocabulary, Width];
        var learned = new double[Positions, Width];
        var head = new double[Vocabulary, Width];
        var output = new double[Width, Width];
        for (var token = 0; token < Vocabulary; token++)
        {
            (embed[token, token], head[token, token]) = (1, 1);
            output[token, token] = 10; // louder than the token that stands there
        }

        var joint = new double[3 * Width, Width];
        for (var at = 0; at < Positions; at++)
        {
            learned[at, Vocabulary + at] = 1;
            joint[Width + Vocabulary + at, Vocabulary + at] = 1; // a key says where it stands
            if (at >= Items + Lag)
            {
                joint[Vocabulary + at - Items - Lag, Vocabulary + at] = 100; // a query asks for where to look
            }
        }

        for (var token = 0; token < Vocabulary; token++)
        {
            joint[2 * Width + token, token] = 1; // a value says what stands there
        }

        var metrics = Evaluate(
            spec,
            new()
            {
                ["_embed.weight"] = embed,
                ["_learned"] = learned,
                ["_queryKeyValue.weight"] = joint,
                ["_queryKeyValue.bias"] = new double[3 * Width],
                ["_output.weight"] = output,
                ["_output.bias"] = new double[Width],
                ["_down.weight"] = new double[Width, 4 * Width],
                ["_down.bias"] = new double[Width],
                ["_head.weight"] = head,
                ["_head.bias"] = new double[Vocabulary],
            }
        );
        metrics["accuracy"].ShouldBe(1);
        metrics["exact_match"].ShouldBe(1);
    }

    private static SortedDictionary<string, double> Evaluate(
        TrialSpec spec,
        Dictionary<string, Array> weights
    )
    {
        using var scope = NewDisposeScope();
        var (definition, task) = Catalogs.Shipped.Find(spec);
        var built = ((TrainedTask)task).Build(spec);
        using var model = ModelCases.Build(
            spec,
            vocabulary: built.Vocabulary,
            length: built.MaxLength
        );
        Set(model, weights);
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        Recorded.Of(events =>
            Evaluation.Run(spec, built, model, task.Entry.Axis!, metrics, events)
        );
        return metrics;
    }

    private static void Set(SequenceModel model, Dictionary<string, Array> weights)
    {
        using var off = no_grad();
        var parameters = model.named_parameters().ToList();
        foreach (var (name, values) in weights)
        {
            var parameter = parameters
                .Single(pair => pair.name.EndsWith(name, StringComparison.Ordinal))
                .parameter;
            parameter.copy_(tensor(values.Cast<double>().ToArray()).reshape(parameter.shape));
        }
    }
}
