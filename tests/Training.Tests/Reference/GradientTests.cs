using Harness.Training.Models;
using Harness.Training.Tasks;
using Harness.Training.Tests.Models;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Reference;

/// <summary>Every model against PyTorch: same weights, same input, same logits, loss and gradients.</summary>
public sealed class GradientTests
{
    private static readonly int[] Layers = [1, 2];
    private static readonly string[] Types = ["float64", "float32"];

    private static readonly Lazy<Task<PyTorch.Answers>> Answers = new(() =>
        PyTorch.AskAsync(Requests())
    );

    public static TheoryData<string> Cases() => [.. Labels()];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Logits_loss_and_every_gradient_are_those_of_PyTorch(string label)
    {
        var theirs = (await Answers.Value).To(label);
        Difference.Between(Ours(label), theirs, Tolerance(label)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("lstm", "_core.weight_hh_l1", "first two gates swapped")]
    [InlineData("gru", "_core.weight_ih_l0", "first two gates swapped")]
    [InlineData("rnn", "_core.bias_hh_l0", "missing")]
    [InlineData("lstm", "_core.bias_ih_l1", "missing")]
    [InlineData("transformer", "_blocks.0._output.bias", "missing")]
    [InlineData("transformer", "_blocks.1._queryKeyValue.weight", "scaled by a millionth more")]
    [InlineData("gru", "_head.weight", "scaled by a millionth more")]
    public async Task A_wrong_model_is_told_from_the_right_one(
        string model,
        string parameter,
        string change
    )
    {
        var label = Labels()
            .First(one =>
                one.StartsWith(model, StringComparison.Ordinal)
                && one.EndsWith("layers=2 data_type=float64", StringComparison.Ordinal)
            );
        var theirs = (await Answers.Value).To(label);
        Difference
            .Between(Ours(label, parameter, change), theirs, Tolerance(label))
            .ShouldContain(line => line.StartsWith("logits: relative", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Labels() =>
        from label in ModelCases.Labels()
        from layers in Layers
        from type in Types
        select $"{label} layers={layers} data_type={type}";

    private static double Tolerance(string label) =>
        label.EndsWith("float64", StringComparison.Ordinal) ? 1e-10 : 1e-5;

    private static List<PyTorch.Request> Requests()
    {
        using var scope = NewDisposeScope();
        return [.. Labels().Select(Request)];
    }

    private static PyTorch.Request Request(string label)
    {
        using var model = Model(label);
        using var batch = Given();
        return new(
            label,
            "gradients",
            ModelCases.Spec(label),
            ModelCases.Vocabulary,
            ModelCases.Length,
            [PyTorch.GivenBatch.Of(batch)],
            PyTorch.Parameters(model)
        );
    }

    private static Dictionary<string, double[]> Ours(
        string label,
        string? changed = null,
        string change = ""
    )
    {
        using var scope = NewDisposeScope();
        using var model = Model(label);
        using var batch = Given();
        if (changed is not null)
        {
            using var off = no_grad();
            var (_, parameter) = model.named_parameters().Single(pair => pair.name == changed);
            parameter.copy_(Changed(parameter, change));
        }

        var loss = Trainer.Loss(model, batch);
        loss.backward();
        var numbers = model
            .named_parameters()
            .Where(pair => pair.parameter.grad is not null) // one without is named as missing
            .ToDictionary(
                pair => $"gradient {pair.name}",
                pair => PyTorch.Numbers.Of(pair.parameter.grad!).Values
            );
        numbers["logits"] = PyTorch.Numbers.Of(model.call(batch.Tokens)).Values;
        numbers["loss"] = PyTorch.Numbers.Of(loss).Values;
        return numbers;
    }

    // Every parameter is moved: biases that start at zero and norms that start as identity would hide their absence.
    private static SequenceModel Model(string label)
    {
        var spec = ModelCases.Spec(label);
        var type = spec.Text("data_type") == "float64" ? ScalarType.Float64 : ScalarType.Float32;
        var model = ModelCases.Build(spec, type);
        using var off = no_grad();
        using var random = RandomKey.At(11, RandomKey.Probe, 0);
        foreach (var parameter in model.parameters())
        {
            parameter.add_(
                randn(parameter.shape, ScalarType.Float64, generator: random).mul(0.1).to(type)
            );
        }

        return model;
    }

    // The first third of the positions is not scored.
    private static Batch Given()
    {
        var tokens = ModelCases.Tokens(4);
        var targets = (tokens * 2 + 1).remainder(ModelCases.Vocabulary);
        targets[.., ..(ModelCases.Length / 3)] = Batch.Unscored;
        return new Batch(tokens, targets);
    }

    private static Tensor Changed(Tensor values, string change)
    {
        if (change == "missing")
        {
            return zeros_like(values);
        }

        if (change != "first two gates swapped")
        {
            return values * (1 + 1e-6);
        }

        const int Width = 16;
        return cat([values[Width..(2 * Width)], values[..Width], values[(2 * Width)..]]);
    }
}
