using Harness.Domain;
using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>Simple recurrent network, as the essay writes it: h_t = f(W_xh x_t + W_hh h_(t-1) + b_h).</summary>
/// <remarks>
/// Elman 1990. W_hh starts as <c>gain</c> times a random orthogonal matrix, so that all its singular values are
/// <c>gain</c>; biases start at zero (Le, Jaitly, Hinton 2015, section 3).
/// </remarks>
public sealed class Rnn : RecurrentModel
{
    /// <summary>Entry in the catalogue.</summary>
    public static ModelDefinition Definition { get; } =
        new(
            new ModelEntry
            {
                Name = "rnn",
                Title = "RNN",
                Family = ModelFamily.Recurrent,
                Description =
                    "Simple recurrent network: one matrix carries the state from step to step.",
                Source = "Elman 1990: h_t = f(W_xh x_t + W_hh h_(t-1) + b_h)",
                Parameters =
                [
                    Models.Parameters.Kernel,
                    new()
                    {
                        Name = "activation",
                        Kind = ParameterKind.Choice,
                        Description = "The function f; linear needs the textbook kernel.",
                        Default = SettingValue.Of("tanh"),
                        Choices = ["tanh", "relu", "linear"],
                    },
                    new()
                    {
                        Name = "gain",
                        Kind = ParameterKind.Number,
                        Description = "Every singular value of W_hh at the start.",
                        Default = SettingValue.Of(1.0),
                        Min = 0.01,
                        Max = 10,
                    },
                ],
                Probes = ["gradient-flow", "memory", "throughput"],
            },
            shape => new Rnn(shape)
        );

    private readonly RNN _core;

    /// <summary>Builds the network.</summary>
    public Rnn(ModelShape shape)
        : base(nameof(Rnn), shape)
    {
        Activation = shape.Spec.Text("activation");
        Gain = shape.Spec.Number("gain");
        if (Activation == "linear" && shape.Spec.Text("kernel") == "fused")
        {
            throw new HarnessException(
                "activation linear needs kernel textbook: the fused kernel has no linear one.",
                HarnessException.BadInput
            );
        }

        var native = Activation == "relu" ? nn.NonLinearities.ReLU : nn.NonLinearities.Tanh;
        _core = nn.RNN(
            shape.Width,
            shape.Width,
            shape.Layers,
            native,
            batchFirst: true,
            dtype: shape.Type
        );
        RegisterComponents();
    }

    /// <summary>The function f: tanh, relu or linear.</summary>
    public string Activation { get; }

    /// <summary>Singular values of W_hh at the start.</summary>
    public double Gain { get; }

    /// <inheritdoc/>
    protected override int StatesPerLayer => 1;

    /// <inheritdoc/>
    protected override nn.Module Core => _core;

    /// <inheritdoc/>
    protected override Tensor Fused(Tensor inputs) => _core.call(inputs).Item1; // [B, T, D]

    /// <inheritdoc/>
    protected override Tensor[] Step(Tensor input, Tensor[] state, Tensor weight, Tensor bias)
    {
        var sum = input + nn.functional.linear(state[0], weight, bias); // [B, D]
        return
        [
            Activation switch
            {
                "tanh" => sum.tanh(),
                "relu" => sum.relu(),
                _ => sum,
            },
        ];
    }

    /// <summary>f'(a) written in h = f(a), elementwise.</summary>
    public Tensor Slope(Tensor states) =>
        Activation switch
        {
            "tanh" => 1 - states.square(),
            "relu" => states.gt(0).to(states.dtype),
            _ => ones_like(states),
        };

    /// <inheritdoc/>
    protected override void InitialiseCore(
        string name,
        Tensor parameter,
        double bound,
        Generator random
    )
    {
        if (name.StartsWith("weight_hh", StringComparison.Ordinal))
        {
            Initial.Orthogonal(parameter, Gain, random);
        }
        else
        {
            Initial.Uniform(
                parameter,
                name.StartsWith("bias", StringComparison.Ordinal) ? 0 : bound,
                random
            );
        }
    }
}
