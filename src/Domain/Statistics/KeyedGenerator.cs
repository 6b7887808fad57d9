namespace Harness.Domain.Statistics;

/// <summary>Draws that depend on the key alone, on every machine and in every version of the runtime.</summary>
/// <remarks>SplitMix64: Steele, Lea and Flood 2014, figure 17.</remarks>
/// <param name="key">Start of the stream.</param>
internal sealed class KeyedGenerator(ulong key)
{
    private ulong _state = key;

    /// <summary>64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var bits = _state;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }

    /// <summary>A number from 0 up to the bound, without it.</summary>
    // The high half of a product: off by at most bound / 2^64, which no test of 10^5 draws can see.
    public int Below(int bound) => (int)(((UInt128)Next() * (UInt128)bound) >> 64);
}
