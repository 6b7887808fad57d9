using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>A network that gives logits at every position of a sequence of tokens.</summary>
/// <param name="name">Name for TorchSharp.</param>
public abstract class SequenceModel(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Logits at every position.</summary>
    /// <param name="tokens">int64, [B, T].</param>
    /// <returns>[B, T, V].</returns>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return Decode(Encode(Embed(tokens))).MoveToOuterDisposeScope();
    }

    /// <summary>Embedded input.</summary>
    /// <param name="tokens">int64, [B, T].</param>
    /// <returns>[B, T, D].</returns>
    public abstract Tensor Embed(Tensor tokens);

    /// <summary>The sequence part, between embedding and head.</summary>
    /// <param name="inputs">[B, T, D].</param>
    /// <returns>[B, T, D].</returns>
    public abstract Tensor Encode(Tensor inputs);

    /// <summary>Linear head.</summary>
    /// <param name="states">[B, T, D].</param>
    /// <returns>[B, T, V].</returns>
    public abstract Tensor Decode(Tensor states);

    /// <summary>Draws every parameter again.</summary>
    /// <param name="random">Generator of the trial's parameter stream.</param>
    public abstract void Initialise(Generator random);

    /// <summary>Bytes that must be kept to continue a sequence of this length with one more token, batch of one.</summary>
    public abstract long StateBytes(int length);
}

/// <summary>What a model needs to be built.</summary>
/// <param name="Vocabulary">Number of input and output symbols.</param>
/// <param name="MaxLength">Longest sequence that it will meet.</param>
/// <param name="Spec">All settings of the trial.</param>
/// <param name="Type">float32 or float64.</param>
public sealed record ModelShape(int Vocabulary, int MaxLength, TrialSpec Spec, ScalarType Type)
{
    /// <summary>Width of embedding and state.</summary>
    public int Width => Spec.Integer("width");

    /// <summary>Number of layers.</summary>
    public int Layers => Spec.Integer("layers");

    /// <summary>Bytes of one number.</summary>
    public int ElementBytes => Type == ScalarType.Float64 ? 8 : 4;
}

/// <summary>A model and how to build it. Touches no tensor, so that the catalogue needs no native library.</summary>
/// <param name="Entry">What everything outside the trainer knows.</param>
/// <param name="Build">Builds it with library-default parameters; the trainer draws them again.</param>
public sealed record ModelDefinition(ModelEntry Entry, Func<ModelShape, SequenceModel> Build);
