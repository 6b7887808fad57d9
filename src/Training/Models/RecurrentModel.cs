using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>A recurrent network: embedding, layers that carry a state from step to step, linear head.</summary>
/// <remarks>
/// The library's module holds the parameters for both kernels: <c>fused</c> runs its loop in native code, <c>textbook</c>
/// runs the formula step by step on the same numbers. Axes: B batch, T time, D width, V vocabulary.
/// </remarks>
public abstract class RecurrentModel : SequenceModel
{
    private readonly Embedding _embed;
    private readonly Linear _head;
    private readonly bool _textbook;

    /// <summary>Builds embedding and head.</summary>
    protected RecurrentModel(string name, ModelShape shape)
        : base(name)
    {
        Shape = shape;
        _embed = nn.Embedding(shape.Vocabulary, shape.Width, dtype: shape.Type);
        _head = nn.Linear(shape.Width, shape.Vocabulary, dtype: shape.Type);
        _textbook = shape.Spec.Text("kernel") == "textbook";
    }

    /// <summary>What it was built from.</summary>
    protected ModelShape Shape { get; }

    /// <summary>Vectors of width D that a layer carries: 1, or 2 for the LSTM.</summary>
    protected abstract int StatesPerLayer { get; }

    /// <summary>The library's module with all layers.</summary>
    protected abstract nn.Module Core { get; }

    /// <summary>All layers in native code.</summary>
    /// <param name="inputs">[B, T, D].</param>
    /// <returns>States of the top layer, [B, T, D].</returns>
    protected abstract Tensor Fused(Tensor inputs);

    /// <summary>One step of the formula.</summary>
    /// <param name="input">W_x x_t + b_x, [B, gates * D].</param>
    /// <param name="state">What the layer carries, [B, D] each; the first is h.</param>
    /// <param name="weight">W_h, [gates * D, D].</param>
    /// <param name="bias">b_h, [gates * D].</param>
    protected abstract Tensor[] Step(Tensor input, Tensor[] state, Tensor weight, Tensor bias);

    /// <inheritdoc/>
    public override Tensor Embed(Tensor tokens) => _embed.call(tokens); // [B, T, D]

    /// <inheritdoc/>
    public override Tensor Encode(Tensor inputs) =>
        _textbook ? stack(Unroll(inputs).Select(state => state[0]), 1) : Fused(inputs);

    /// <inheritdoc/>
    public override Tensor Decode(Tensor states) => _head.call(states); // [B, T, V]

    /// <inheritdoc/>
    public override long StateBytes(int length) =>
        (long)StatesPerLayer * Shape.Layers * Shape.Width * Shape.ElementBytes;

    /// <summary>Step by step, whatever the kernel.</summary>
    /// <param name="inputs">[B, T, D].</param>
    /// <returns>
    /// What the top layer carries after each step, [B, D] each, h first. Each is on the way of the gradient by itself:
    /// an LSTM's cell meets the future alone, not the h of its own step.
    /// </returns>
    public IReadOnlyList<Tensor[]> Unroll(Tensor inputs)
    {
        var carried = new Tensor[inputs.shape[1]][];
        var parameters = Core.named_parameters()
            .ToDictionary(pair => pair.name, pair => pair.parameter);
        var steps = inputs.unbind(1); // T times [B, D]
        for (var layer = 0; layer < Shape.Layers; layer++)
        {
            var (weightX, biasX) = (
                parameters[$"weight_ih_l{layer}"],
                parameters[$"bias_ih_l{layer}"]
            );
            var (weightH, biasH) = (
                parameters[$"weight_hh_l{layer}"],
                parameters[$"bias_hh_l{layer}"]
            );
            // The inputs of all steps are known, so they are projected by one product.
            var projected = nn.functional.linear(stack(steps, 0), weightX, biasX).unbind(0); // T times [B, gates * D]
            var zero = zeros(inputs.shape[0], Shape.Width, dtype: Shape.Type);
            var state = Enumerable.Repeat(zero, StatesPerLayer).ToArray();
            for (var t = 0; t < projected.Length; t++)
            {
                state = Step(projected[t], state, weightH, biasH);
                if (StatesPerLayer > 1)
                {
                    state = [.. state.Select(one => one.alias())];
                }

                (steps[t], carried[t]) = (state[0], state);
            }
        }

        return carried;
    }

    /// <inheritdoc/>
    public override void Initialise(Generator random)
    {
        Initial.Normal(_embed.weight!, 1, random);
        var bound = 1 / Math.Sqrt(Shape.Width);
        foreach (var (name, parameter) in Core.named_parameters())
        {
            InitialiseCore(name, parameter, bound, random);
        }

        Initial.Linear(_head, random);
    }

    /// <summary>Draws one parameter of the layers; as libraries do it: uniform within 1 / sqrt(D).</summary>
    protected virtual void InitialiseCore(
        string name,
        Tensor parameter,
        double bound,
        Generator random
    ) => Initial.Uniform(parameter, bound, random);
}
