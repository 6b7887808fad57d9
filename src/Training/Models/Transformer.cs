using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>Transformer: every position attends to every other (or earlier) one; no state is carried.</summary>
/// <remarks>
/// Vaswani et al. 2017, as a stack of one kind of block with a linear head. With a full mask and no positions it
/// commutes with permutations of its input: order is known to it only through positions or a causal mask.
/// </remarks>
public sealed class Transformer : SequenceModel
{
    /// <summary>Entry in the catalogue.</summary>
    public static ModelDefinition Definition { get; } =
        new(
            new ModelEntry
            {
                Name = "transformer",
                Title = "Transformer",
                Family = ModelFamily.Attention,
                Description =
                    "Multi-head self-attention; every pair of positions is linked directly.",
                Source = "Vaswani et al. 2017: softmax(Q K^T / sqrt(d_k)) V",
                Parameters =
                [
                    Models.Parameters.Kernel,
                    new()
                    {
                        Name = "heads",
                        Kind = ParameterKind.Integer,
                        Description = "Attention heads side by side; must divide the width.",
                        Default = SettingValue.Of(4),
                        Min = 1,
                        Max = 64,
                    },
                    new()
                    {
                        Name = "positions",
                        Kind = ParameterKind.Choice,
                        Description = "How the model learns where a token stands.",
                        Default = SettingValue.Of("sinusoidal"),
                        Choices = ["none", "sinusoidal", "learned", "rotary"],
                    },
                    new()
                    {
                        Name = "mask",
                        Kind = ParameterKind.Choice,
                        Description =
                            "causal: a position sees itself and earlier ones; full: it sees all.",
                        Default = SettingValue.Of("causal"),
                        Choices = ["causal", "full"],
                    },
                ],
                Probes = ["gradient-flow", "memory", "permutation", "throughput"],
            },
            shape => new Transformer(shape)
        );

    private readonly ModelShape _shape;
    private readonly Embedding _embed;
    private readonly Parameter? _learned;
    private readonly ModuleList<AttentionBlock> _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    /// <summary>Builds the network.</summary>
    public Transformer(ModelShape shape)
        : base(nameof(Transformer))
    {
        _shape = shape;
        _embed = nn.Embedding(shape.Vocabulary, shape.Width, dtype: shape.Type);
        if (shape.Spec.Text("positions") == "learned")
        {
            _learned = nn.Parameter(zeros(shape.MaxLength, shape.Width, dtype: shape.Type));
        }

        _blocks = new([
            .. Enumerable.Range(0, shape.Layers).Select(_ => new AttentionBlock(shape)),
        ]);
        _norm = nn.LayerNorm(shape.Width, dtype: shape.Type);
        _head = nn.Linear(shape.Width, shape.Vocabulary, dtype: shape.Type);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Embed(Tensor tokens)
    {
        var length = (int)tokens.shape[1];
        var embedded = _embed.call(tokens); // [B, T, D]
        return _shape.Spec.Text("positions") switch
        {
            "sinusoidal" => embedded + Positions.Sinusoidal(length, _shape.Width, _shape.Type),
            "learned" => embedded + _learned![..length],
            _ => embedded,
        };
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor inputs)
    {
        foreach (var block in _blocks)
        {
            inputs = block.call(inputs); // [B, T, D]
        }

        return _norm.call(inputs);
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor states) => _head.call(states); // [B, T, V]

    /// <inheritdoc/>
    /// <remarks>A key and a value of width D for every earlier position and layer.</remarks>
    public override long StateBytes(int length) =>
        2L * length * _shape.Layers * _shape.Width * _shape.ElementBytes;

    /// <inheritdoc/>
    public override void Initialise(Generator random)
    {
        Initial.Normal(_embed.weight!, 1, random);
        if (_learned is not null)
        {
            // As large as a sinusoid (mean square 1/2), so that the kinds of positions start equally loud.
            Initial.Normal(_learned, Math.Sqrt(0.5), random);
        }

        foreach (var block in _blocks)
        {
            block.Initialise(random);
        }

        Initial.Linear(_head, random);
    }
}
