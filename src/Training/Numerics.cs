namespace Harness.Training;

/// <summary>Which numbers this trainer gives.</summary>
public static class Numerics
{
    /// <summary>Raised when the same settings would give other numbers than before. It is part of a trial's identity.</summary>
    public const int Version = 1;
}
