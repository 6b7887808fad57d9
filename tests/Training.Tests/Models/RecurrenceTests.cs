using Harness.Domain;
using Harness.Domain.Trials;
using static Harness.Training.Tests.Models.Plain;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Models;

/// <summary>The recurrent networks against their formulas, computed by hand in arrays of double.</summary>
public sealed class RecurrenceTests
{
    private const int Width = 5;
    private const int Layers = 2;

    [Theory]
    [InlineData("tanh", "fused")]
    [InlineData("tanh", "textbook")]
    [InlineData("relu", "fused")]
    [InlineData("relu", "textbook")]
    [InlineData("linear", "textbook")]
    public void The_rnn_is_the_formula_of_the_essay(string activation, string kernel) =>
        Check(
            $"rnn kernel={kernel} activation={activation}",
            (plain, layer, x, state) =>
            {
                // h_t = f(W_xh x_t + W_hh h_(t-1) + b_h)
                var sum = Add(FromInput(plain, layer, x), FromState(plain, layer, state[0]));
                return
                [
                    [
                        .. sum.Select(a =>
                            activation switch
                            {
                                "tanh" => Math.Tanh(a),
                                "relu" => Math.Max(0, a),
                                _ => a,
                            }
                        ),
                    ],
                ];
            }
        );

    [Fact]
    public void A_linear_rnn_is_refused_where_the_kernel_has_none() =>
        Should
            .Throw<HarnessException>(() =>
                ModelCases.Build(Spec("rnn kernel=fused activation=linear"))
            )
            .Message.ShouldContain("kernel textbook");

    [Theory]
    [InlineData("fused")]
    [InlineData("textbook")]
    public void The_lstm_is_its_formula(string kernel) =>
        Check(
            $"lstm kernel={kernel}",
            (plain, layer, x, state) =>
            {
                var sum = Add(FromInput(plain, layer, x), FromState(plain, layer, state[0]));
                var (h, c) = (new double[Width], new double[Width]);
                for (var unit = 0; unit < Width; unit++)
                {
                    var write = Sigmoid(sum[unit]);
                    var keep = Sigmoid(sum[Width + unit]);
                    var proposal = Math.Tanh(sum[2 * Width + unit]);
                    var read = Sigmoid(sum[3 * Width + unit]);
                    c[unit] = keep * state[1][unit] + write * proposal;
                    h[unit] = read * Math.Tanh(c[unit]);
                }

                return [h, c];
            }
        );

    [Theory]
    [InlineData("fused")]
    [InlineData("textbook")]
    public void The_gru_is_its_formula(string kernel) =>
        Check(
            $"gru kernel={kernel}",
            (plain, layer, x, state) =>
            {
                var (input, carried) = (
                    FromInput(plain, layer, x),
                    FromState(plain, layer, state[0])
                );
                var h = new double[Width];
                for (var unit = 0; unit < Width; unit++)
                {
                    var reset = Sigmoid(input[unit] + carried[unit]);
                    var update = Sigmoid(input[Width + unit] + carried[Width + unit]);
                    var proposal = Math.Tanh(
                        input[2 * Width + unit] + reset * carried[2 * Width + unit]
                    );
                    h[unit] = (1 - update) * proposal + update * state[0][unit];
                }

                return [h];
            }
        );

    [Theory]
    [InlineData("rnn", 1)]
    [InlineData("lstm", 4)]
    [InlineData("gru", 3)]
    public void Every_number_of_the_formula_is_a_trained_parameter(string name, int gates)
    {
        using var model = ModelCases.Build(Spec(name));
        const int V = ModelCases.Vocabulary;
        model
            .parameters()
            .Sum(parameter => parameter.numel())
            .ShouldBe(
                V * Width + Layers * gates * (2 * Width * Width + 2 * Width) + V * (Width + 1)
            );
        using var scope = NewDisposeScope();
        model.call(ModelCases.Tokens(3)).square().sum().backward();
        model
            .named_parameters()
            .Where(pair =>
                pair.parameter.grad is not { } gradient || gradient.norm().item<double>() == 0
            )
            .Select(pair => pair.name)
            .ShouldBeEmpty();
    }

    private static void Check(string label, Func<Plain, int, double[], double[][], double[][]> step)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var model = ModelCases.Build(Spec(label));
        foreach (
            var (_, bias) in model.named_parameters().Where(pair => pair.name.Contains("bias"))
        )
        {
            bias.add_(0.1); // those of the rnn start at zero, which would hide a forgotten one
        }

        var plain = new Plain(model);
        var tokens = ModelCases.Tokens(2);
        var logits = model.call(tokens);
        for (var row = 0; row < 2; row++)
        {
            var states = Enumerable
                .Range(0, Layers)
                .Select(_ => new[] { new double[Width], new double[Width] })
                .ToArray();
            for (var t = 0; t < ModelCases.Length; t++)
            {
                var x = plain.Row("_embed.weight", tokens[row, t].item<long>());
                for (var layer = 0; layer < Layers; layer++)
                {
                    states[layer] = step(plain, layer, x, states[layer]);
                    x = states[layer][0];
                }

                var expected = plain.Linear("_head.weight", "_head.bias", x);
                for (var symbol = 0; symbol < expected.Length; symbol++)
                {
                    logits[row, t, symbol].item<double>().ShouldBe(expected[symbol], 1e-10);
                }
            }
        }
    }

    private static TrialSpec Spec(string label) =>
        ModelCases.Spec(label).With("width", Width).With("layers", Layers);

    private static double[] FromInput(Plain plain, int layer, double[] x) =>
        plain.Linear($"weight_ih_l{layer}", $"bias_ih_l{layer}", x);

    private static double[] FromState(Plain plain, int layer, double[] h) =>
        plain.Linear($"weight_hh_l{layer}", $"bias_hh_l{layer}", h);
}
