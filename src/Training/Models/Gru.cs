using Harness.Domain.Catalogue;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>Gated recurrent unit: two gates decide what the state forgets and what it takes in.</summary>
/// <remarks>
/// Cho et al. 2014, section 2.3, in the form of cuDNN: the reset gate multiplies U h + b, not h, so that native kernels
/// on every device train the same function. r, z = sigmoid(W x_t + U h_(t-1) + b);
/// n = tanh(W x_t + b + r (U h_(t-1) + b)); h_t = (1 - z) n + z h_(t-1). Gates stand in the library's order r, z, n.
/// </remarks>
public sealed class Gru : RecurrentModel
{
    /// <summary>Entry in the catalogue.</summary>
    public static ModelDefinition Definition { get; } =
        new(
            new ModelEntry
            {
                Name = "gru",
                Title = "GRU",
                Family = ModelFamily.Recurrent,
                Description =
                    "Gated recurrent unit: a reset and an update gate on one state; reset after the product.",
                Source = "Cho et al. 2014, section 2.3",
                Parameters = [Models.Parameters.Kernel],
                Probes = ["gradient-flow", "memory", "throughput"],
            },
            shape => new Gru(shape)
        );

    private readonly GRU _core;

    /// <summary>Builds the network.</summary>
    public Gru(ModelShape shape)
        : base(nameof(Gru), shape)
    {
        _core = nn.GRU(shape.Width, shape.Width, shape.Layers, batchFirst: true, dtype: shape.Type);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override int StatesPerLayer => 1;

    /// <inheritdoc/>
    protected override nn.Module Core => _core;

    /// <inheritdoc/>
    protected override Tensor Fused(Tensor inputs) => _core.call(inputs).Item1; // [B, T, D]

    /// <inheritdoc/>
    protected override Tensor[] Step(Tensor input, Tensor[] state, Tensor weight, Tensor bias)
    {
        var fromInput = input.chunk(3, 1); // r, z, n: [B, D] each
        var fromState = nn.functional.linear(state[0], weight, bias).chunk(3, 1);
        var reset = (fromInput[0] + fromState[0]).sigmoid();
        var update = (fromInput[1] + fromState[1]).sigmoid();
        var proposal = (fromInput[2] + reset * fromState[2]).tanh();
        return [(1 - update) * proposal + update * state[0]];
    }
}
