using Harness.Training.Models;
using Harness.Training.Probes;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Models;

/// <summary>What must come out exactly, whatever was drawn (docs/measuring.md).</summary>
public sealed class TruthTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    [InlineData(1.1)]
    public void The_gradient_of_a_linear_network_is_its_gain_to_the_power_of_the_lag(double gain)
    {
        var recorded = Recorded.Run(
            SomeTrial
                .Of("rnn", "parity")
                .With("kernel", "textbook")
                .With("activation", "linear")
                .With("gain", gain)
                .With("probes", "gradient-flow")
                .With("steps", 0)
        );
        var norms = recorded.Profile("gradient_h").Values;
        norms.Count.ShouldBe(128);
        for (var lag = 0; lag < norms.Count; lag++)
        {
            (norms[lag] / norms[0] / Math.Pow(gain, lag)).ShouldBe(1, 1e-10);
        }

        var metrics = recorded.Result.Metrics;
        metrics["gradient_factor"].ShouldBe(gain, 1e-10);
        metrics["gradient_factor_predicted"].ShouldBe(gain, 1e-10);
        (metrics["gradient_ratio_50"] / Math.Pow(gain, 50)).ShouldBe(1, 1e-10);
    }

    [Fact]
    public void An_open_forget_gate_carries_the_gradient_of_the_cell_without_loss()
    {
        var spec = SomeTrial.Of("lstm", "parity").With("width", 4);
        using var model = ModelCatalog
            .All.Single(model => model.Entry.Name == "lstm")
            .Build(new ModelShape(2, 64, spec, ScalarType.Float64));
        using (no_grad())
        {
            foreach (var (name, parameter) in model.named_parameters())
            {
                // Nothing of h reaches the gates, and the forget gate is sigmoid(50) = 1: the cell alone is carried.
                if (name.Contains("weight_hh", StringComparison.Ordinal))
                {
                    parameter.zero_();
                }
                else if (name.Contains("bias_ih", StringComparison.Ordinal))
                {
                    parameter[4..8].fill_(50);
                }
            }
        }

        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var recorded = Recorded.Of(events =>
            GradientFlow.Definition.Measure!(
                new ProbeContext(
                    spec.With("probe_length", 64),
                    new Parity(spec),
                    model,
                    Trained: false,
                    metrics,
                    events
                )
            )
        );
        var norms = recorded.Profile("gradient_h").Values;
        norms[1].ShouldBeGreaterThan(0);
        norms.Skip(1).ShouldAllBe(norm => Math.Abs(norm / norms[1] - 1) < 1e-10);
        metrics["gradient_factor"].ShouldBe(1, 1e-10);
    }

    [Theory]
    [InlineData("fused")]
    [InlineData("textbook")]
    public void Without_mask_and_positions_attention_commutes_with_permutations(string kernel)
    {
        foreach (var positions in new[] { "none", "sinusoidal", "learned", "rotary" })
        {
            foreach (var mask in new[] { "full", "causal" })
            {
                var metrics = Recorded
                    .Run(
                        SomeTrial
                            .Of("transformer", "copy-memory")
                            .With("kernel", kernel)
                            .With("positions", positions)
                            .With("mask", mask)
                            .With("probes", "permutation")
                            .With("steps", 3)
                    )
                    .Result.Metrics;
                foreach (var name in new[] { "permutation_error", "permutation_error_trained" })
                {
                    if (positions == "none" && mask == "full")
                    {
                        metrics[name].ShouldBeInRange(0, 1e-10); // NaN would be less, too
                    }
                    else
                    {
                        metrics[name].ShouldBeGreaterThan(1e-3, $"{positions} {mask}");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("data")]
    [InlineData("all")]
    public void The_loss_of_copy_memory_without_memory_is_its_closed_form(string supervision)
    {
        const int Items = 5;
        const int Lag = 12;
        const int Symbols = 8;
        var spec = SomeTrial
            .Of("rnn", "copy-memory")
            .With("items", Items)
            .With("lag", Lag)
            .With("symbols", Symbols)
            .With("supervision", supervision);
        var task = new CopyMemory(spec);
        using var scope = NewDisposeScope();
        using var random = RandomKey.At(1, RandomKey.Training, 0);
        var batch = task.Draw(random, 16);
        // Blank until it is asked, then every symbol equally likely: all that can be known without memory.
        using var memoryless = new Guess(token =>
            [
                .. Enumerable
                    .Range(0, Symbols + 2)
                    .Select(symbol =>
                        token == Symbols + 1
                            ? (symbol < Symbols ? 0 : -1e9)
                            : (symbol == Symbols ? 0 : -1e9)
                    ),
            ]
        );
        var expected =
            supervision == "all"
                ? Items * Math.Log(Symbols) / (Lag + 2 * Items)
                : Math.Log(Symbols);
        Trainer.Loss(memoryless, batch).item<double>().ShouldBe(expected, 1e-10);

        using var indifferent = new Guess(_ => new double[Symbols + 2]);
        Trainer.Loss(indifferent, batch).item<double>().ShouldBe(Math.Log(Symbols + 2), 1e-10);
    }

    /// <summary>Logits that depend on the token at hand alone.</summary>
    private sealed class Guess(Func<long, double[]> logits) : SequenceModel(nameof(Guess))
    {
        public override Tensor Embed(Tensor tokens) => tokens;

        public override Tensor Encode(Tensor inputs) => inputs;

        public override Tensor Decode(Tensor states) =>
            tensor(states.data<long>().ToArray().SelectMany(logits).ToArray())
                .reshape(states.shape[0], states.shape[1], -1);

        public override void Initialise(Generator random) { }

        public override long StateBytes(int length) => 0;
    }
}
