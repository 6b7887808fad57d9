using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>Encodings of position that need no parameters.</summary>
public static class Positions
{
    private const double Base = 10_000; // of the wave lengths, in both papers

    /// <summary>Sinusoidal encoding.</summary>
    /// <remarks>Vaswani et al. 2017, section 3.5: sin and cos of t / 10000^(2i/D).</remarks>
    /// <returns>[T, D].</returns>
    public static Tensor Sinusoidal(int length, int width, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var angle = Angles(length, width); // [T, D/2]
        return stack([angle.sin(), angle.cos()], -1)
            .reshape(length, -1)[.., ..width]
            .to(type)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Turns pairs of features by an angle that grows with the position.</summary>
    /// <remarks>Su et al. 2021, eq. 34; pairs are (2i, 2i + 1).</remarks>
    /// <param name="vectors">Queries or keys, [B, H, T, D/H].</param>
    /// <returns>[B, H, T, D/H].</returns>
    public static Tensor Rotate(Tensor vectors)
    {
        var (length, width) = ((int)vectors.shape[2], (int)vectors.shape[3]);
        var angle = Angles(length, width).to(vectors.dtype); // [T, D/2H]
        var (cos, sin) = (angle.cos(), angle.sin());
        var pairs = vectors.reshape(vectors.shape[0], vectors.shape[1], length, width / 2, 2);
        var (even, odd) = (pairs.select(-1, 0), pairs.select(-1, 1)); // [B, H, T, D/2H]
        return stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2);
    }

    private static Tensor Angles(int length, int width)
    {
        var rate = pow(Base, arange(0, width, 2, dtype: ScalarType.Float64).div(-width)); // [D/2]
        return arange(length, dtype: ScalarType.Float64).unsqueeze(1) * rate; // [T, D/2]
    }
}
