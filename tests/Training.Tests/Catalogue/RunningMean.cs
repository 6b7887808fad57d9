using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using Harness.Training.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Catalogue;

/// <summary>A model that nobody ships: the mean of all embeddings so far. One file, as any model.</summary>
internal sealed class RunningMean : SequenceModel
{
    public static ModelDefinition Definition { get; } =
        new(
            new ModelEntry
            {
                Name = "running-mean",
                Title = "Running mean",
                Family = ModelFamily.Recurrent,
                Description = "The mean of all embeddings so far, times a scale.",
                Source = "this test",
                Parameters =
                [
                    new()
                    {
                        Name = "scale",
                        Kind = ParameterKind.Number,
                        Description = "Factor of the mean.",
                        Default = SettingValue.Of(2.0),
                        Min = 0,
                        Max = 10,
                    },
                ],
                Probes = ["gradient-flow", "memory", "permutation", "throughput"],
            },
            shape => new RunningMean(shape)
        );

    private readonly ModelShape _shape;
    private readonly Embedding _embed;
    private readonly Linear _head;

    private RunningMean(ModelShape shape)
        : base(nameof(RunningMean))
    {
        _shape = shape;
        _embed = nn.Embedding(shape.Vocabulary, shape.Width, dtype: shape.Type);
        _head = nn.Linear(shape.Width, shape.Vocabulary, dtype: shape.Type);
        RegisterComponents();
    }

    public override Tensor Embed(Tensor tokens) => _embed.call(tokens); // [B, T, D]

    public override Tensor Encode(Tensor inputs) =>
        inputs
            .cumsum(1)
            .div(arange(1, inputs.shape[1] + 1, dtype: _shape.Type).unsqueeze(1))
            .mul(_shape.Spec.Number("scale")); // [B, T, D]

    public override Tensor Decode(Tensor states) => _head.call(states); // [B, T, V]

    public override void Initialise(Generator random)
    {
        Initial.Normal(_embed.weight!, 1, random);
        Initial.Linear(_head, random);
    }

    public override long StateBytes(int length) => _shape.Width * _shape.ElementBytes;
}
