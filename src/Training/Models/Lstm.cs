using Harness.Domain.Catalogue;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>Long short-term memory: a cell that gates write, keep and read.</summary>
/// <remarks>
/// Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000:
/// i, f, o = sigmoid(W x_t + U h_(t-1) + b); g = tanh(W x_t + U h_(t-1) + b);
/// c_t = f c_(t-1) + i g; h_t = o tanh(c_t). Gates stand in the library's order i, f, g, o.
/// </remarks>
public sealed class Lstm : RecurrentModel
{
    /// <summary>Entry in the catalogue.</summary>
    public static ModelDefinition Definition { get; } =
        new(
            new ModelEntry
            {
                Name = "lstm",
                Title = "LSTM",
                Family = ModelFamily.Recurrent,
                Description =
                    "Long short-term memory: a cell beside the state, with gates for write, keep and read.",
                Source = "Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000",
                Parameters = [Models.Parameters.Kernel],
                Probes = ["gradient-flow", "memory", "throughput"],
            },
            shape => new Lstm(shape)
        );

    private readonly LSTM _core;

    /// <summary>Builds the network.</summary>
    public Lstm(ModelShape shape)
        : base(nameof(Lstm), shape)
    {
        _core = nn.LSTM(
            shape.Width,
            shape.Width,
            shape.Layers,
            batchFirst: true,
            dtype: shape.Type
        );
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override int StatesPerLayer => 2;

    /// <inheritdoc/>
    protected override nn.Module Core => _core;

    /// <inheritdoc/>
    protected override Tensor Fused(Tensor inputs) => _core.call(inputs).Item1; // [B, T, D]

    /// <inheritdoc/>
    protected override Tensor[] Step(Tensor input, Tensor[] state, Tensor weight, Tensor bias)
    {
        var gates = (input + nn.functional.linear(state[0], weight, bias)).chunk(4, 1); // i, f, g, o: [B, D] each
        var cell = gates[1].sigmoid() * state[1] + gates[0].sigmoid() * gates[2].tanh();
        return [gates[3].sigmoid() * cell.tanh(), cell];
    }
}
