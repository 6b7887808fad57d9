using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>Initial parameters, drawn from a generator that is handed in, never from the global one.</summary>
/// <remarks>Drawn in float64 and then rounded, so that a float64 twin starts at the same point.</remarks>
public static class Initial
{
    /// <summary>Uniform numbers in (-bound, bound).</summary>
    public static void Uniform(Tensor parameter, double bound, Generator random)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        parameter.copy_(
            rand(parameter.shape, ScalarType.Float64, generator: random).mul(2 * bound).sub(bound)
        );
    }

    /// <summary>Normal numbers of that standard deviation.</summary>
    public static void Normal(Tensor parameter, double deviation, Generator random)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        parameter.copy_(
            randn(parameter.shape, ScalarType.Float64, generator: random).mul(deviation)
        );
    }

    /// <summary>A square matrix gain * Q with Q orthogonal, uniform over the orthogonal group.</summary>
    /// <remarks>Mezzadri 2007: QR of a Gaussian matrix, columns multiplied by the signs of R's diagonal.</remarks>
    public static void Orthogonal(Tensor parameter, double gain, Generator random)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (q, r) = linalg.qr(randn(parameter.shape, ScalarType.Float64, generator: random));
        parameter.copy_(q.mul(r.diagonal().sign()).mul(gain));
    }

    /// <summary>A linear layer as libraries do it: uniform within 1 / sqrt(inputs), bias too.</summary>
    public static void Linear(Linear layer, Generator random)
    {
        var bound = 1 / Math.Sqrt(layer.in_features);
        Uniform(layer.weight, bound, random);
        if (layer.bias is { } bias)
        {
            Uniform(bias, bound, random);
        }
    }
}
