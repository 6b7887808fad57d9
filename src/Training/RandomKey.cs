using System.Buffers.Binary;
using System.Security.Cryptography;
using TorchSharp;

namespace Harness.Training;

/// <summary>
/// Random numbers as a pure function of (seed, stream, step): a draw does not depend on what was drawn before it,
/// so a resumed trial and a disturbed global generator give the same numbers.
/// </summary>
public static class RandomKey
{
    /// <summary>Initial parameters.</summary>
    public const string Parameters = "parameters";

    /// <summary>Training batches.</summary>
    public const string Training = "training";

    /// <summary>Held-out batches.</summary>
    public const string Evaluation = "evaluation";

    /// <summary>Inputs of probes.</summary>
    public const string Probe = "probe";

    /// <summary>A fresh generator for one step of one stream.</summary>
    public static torch.Generator At(long seed, string stream, long step)
    {
        Span<byte> key = stackalloc byte[16 + stream.Length];
        BinaryPrimitives.WriteInt64LittleEndian(key, seed);
        BinaryPrimitives.WriteInt64LittleEndian(key[8..], step);
        System.Text.Encoding.ASCII.GetBytes(stream, key[16..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(key, hash);
        // The native seed is unsigned; 63 bits keep it positive everywhere.
        var mixed = BinaryPrimitives.ReadInt64LittleEndian(hash) & long.MaxValue;
        return new torch.Generator(unchecked((ulong)mixed), torch.CPU);
    }
}
