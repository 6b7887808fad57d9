using System.Text.Json.Serialization;
using Harness.Domain.Trials;

namespace Harness.Domain.Api;

/// <summary>What became of a change of a sweep that a person asked for.</summary>
public sealed record SweepChanged
{
    /// <summary>Why it was not made; null where it was.</summary>
    public ChangeRefusal? Refusal { get; init; }

    /// <summary>State of the sweep now; null where there is no such sweep.</summary>
    public SweepState? State { get; init; }

    /// <summary>The sweep whose state hindered it, where that is another one; else null.</summary>
    public string? Sweep { get; init; }

    /// <summary>Number of its last event: grows with each change.</summary>
    public int Version { get; init; }

    /// <summary>Trials that are to run again.</summary>
    public int Trials { get; init; }

    /// <summary>Whether it was made.</summary>
    [JsonIgnore]
    public bool Done => Refusal is null;
}

/// <summary>Why a change was not made.</summary>
[JsonConverter(typeof(WordConverter<ChangeRefusal>))]
public enum ChangeRefusal
{
    /// <summary>The sweep is in a state that does not allow it.</summary>
    State,

    /// <summary>The sweep has changed since the caller looked.</summary>
    Version,

    /// <summary>There is no trial that it could concern.</summary>
    Nothing,

    /// <summary>Another change of the same rows is under way: ask again.</summary>
    Busy,

    /// <summary>The sweep measures for a run of a claim, which must go too.</summary>
    Claim,
}

/// <summary>An idempotency key of a submit.</summary>
/// <param name="Key">As the caller chose it.</param>
/// <param name="BodyHash">SHA-256 of what is submitted under it.</param>
public sealed record SubmitKey(string Key, string BodyHash)
{
    /// <summary>Characters of a key at most.</summary>
    public const int Longest = 255;
}

/// <summary><c>PATCH /api/v1/sweeps/{sweep}</c>: what may change while a sweep runs. Null: stays as it is.</summary>
public sealed record SweepLimits
{
    /// <summary>Least priority.</summary>
    public const int MinPriority = -1_000_000;

    /// <summary>Greatest priority.</summary>
    public const int MaxPriority = 1_000_000;

    /// <summary>Higher first.</summary>
    public int? Priority { get; init; }

    /// <summary>Trials that may run at a time; those that run go on.</summary>
    public int? MaxConcurrentTrials { get; init; }
}
