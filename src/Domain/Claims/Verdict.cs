using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Domain.Statistics;

namespace Harness.Domain.Claims;

/// <summary>What was found.</summary>
[JsonConverter(typeof(WordConverter<VerdictOutcome>))]
public enum VerdictOutcome
{
    /// <summary>The numbers speak for the statement at the level.</summary>
    Supported,

    /// <summary>The numbers speak against it at the level.</summary>
    Refuted,

    /// <summary>Neither, or something is missing.</summary>
    Inconclusive,
}

/// <summary>What was measured of a claim. The same results give the same bytes; it holds no reading of a clock.</summary>
public sealed record Verdict
{
    /// <summary>Version of this form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Id of the claim.</summary>
    public required string Claim { get; init; }

    /// <summary>The essay's words.</summary>
    public required string Statement { get; init; }

    /// <summary>What was found.</summary>
    [JsonPropertyName("verdict")]
    public required VerdictOutcome Outcome { get; init; }

    /// <summary>Size of the run.</summary>
    public required ClaimProfileName Profile { get; init; }

    /// <summary><c>registered</c>: thresholds were stored before the first trial was leased; else <c>exploratory</c>.</summary>
    public required string Registration { get; init; }

    /// <summary>SHA-256 of the claim's file as registered.</summary>
    public required string FileHash { get; init; }

    /// <summary>The look that this verdict is of.</summary>
    public required VerdictLook Look { get; init; }

    /// <summary>What is equal between the arms.</summary>
    public required string Matching { get; init; }

    /// <summary>Sub-verdicts.</summary>
    public required IReadOnlyList<PartVerdict> Parts { get; init; }

    /// <summary>Controls.</summary>
    public required IReadOnlyList<ControlResult> Controls { get; init; }

    /// <summary>What is reported and decides nothing.</summary>
    public required IReadOnlyList<ObservationResult> Observations { get; init; }

    /// <summary>What weakens the verdict.</summary>
    public required IReadOnlyList<string> Reservations { get; init; }

    /// <summary>What would have to be measured for a verdict.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Where it holds.</summary>
    public required VerdictScope Scope { get; init; }

    /// <summary>What it rests on.</summary>
    public required VerdictInputs Inputs { get; init; }

    /// <summary>The document: canonical JSON, keys in the order of this record.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DomainJson.Default.Verdict);

    /// <summary>The outcome that a stored document of any version bears.</summary>
    public static VerdictOutcome OutcomeOf(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        return Words.Parse<VerdictOutcome>(parsed.RootElement.GetProperty("verdict").GetString()!);
    }
}

/// <summary>When and how strictly it was decided.</summary>
/// <param name="Number">First or second look.</param>
/// <param name="Seeds">Seeds an arm.</param>
/// <param name="Error">Share of the error that this look may spend.</param>
/// <param name="SubVerdicts">Size of the family.</param>
/// <param name="Level">Greatest one-sided p that decides: error / (2 * sub-verdicts).</param>
public sealed record VerdictLook(
    int Number,
    int Seeds,
    double Error,
    int SubVerdicts,
    double Level
);

/// <summary>A sub-verdict.</summary>
public sealed record PartVerdict
{
    /// <summary>Name.</summary>
    public required string Id { get; init; }

    /// <summary>What it says.</summary>
    public required string Says { get; init; }

    /// <summary>What was found.</summary>
    [JsonPropertyName("verdict")]
    public required VerdictOutcome Outcome { get; init; }

    /// <summary>Primary metric.</summary>
    public required string Metric { get; init; }

    /// <summary>What the effect is, in words.</summary>
    public required string EffectName { get; init; }

    /// <summary>The effect; null where nothing was measured.</summary>
    public required double? Effect { get; init; }

    /// <summary>Describes the effect, decides nothing.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>One-sided p for the statement.</summary>
    public required double? PSupport { get; init; }

    /// <summary>One-sided p against the statement.</summary>
    public required double? PRefute { get; init; }

    /// <summary>Greatest p that decides.</summary>
    public required double Level { get; init; }

    /// <summary>Least p for the statement that this number of seeds can reach.</summary>
    public required double SmallestP { get; init; }

    /// <summary>Values that speak for it.</summary>
    public required string ThetaSupport { get; init; }

    /// <summary>Values that speak against it.</summary>
    public required string ThetaRefute { get; init; }

    /// <summary>The rule in words.</summary>
    public required string Rule { get; init; }

    /// <summary>The arms.</summary>
    public required IReadOnlyList<GroupResult> Groups { get; init; }
}

/// <summary>One number a seed of an arm.</summary>
public sealed record GroupResult
{
    /// <summary>Arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Seeds.</summary>
    public required int N { get; init; }

    /// <summary>Seeds whose number speaks for the statement.</summary>
    public required int InSupport { get; init; }

    /// <summary>Seeds whose number speaks against it.</summary>
    public required int InRefute { get; init; }

    /// <summary>Median; null where nothing was measured.</summary>
    public required double? Median { get; init; }

    /// <summary>Least.</summary>
    public required double? Min { get; init; }

    /// <summary>Greatest.</summary>
    public required double? Max { get; init; }

    /// <summary>One-sided p of the comparison with this arm, or null for the arm that the part speaks of.</summary>
    public required double? P { get; init; }
}

/// <summary>A control.</summary>
/// <param name="Id">Name.</param>
/// <param name="Says">What it says.</param>
/// <param name="Passed">Whether it holds in every arm.</param>
/// <param name="Expected">Metric, range and least share, in words.</param>
/// <param name="Groups">What each arm measured.</param>
public sealed record ControlResult(
    string Id,
    string Says,
    bool Passed,
    string Expected,
    IReadOnlyList<CountResult> Groups
);

/// <summary>Something reported.</summary>
/// <param name="Id">Name.</param>
/// <param name="Says">What it says.</param>
/// <param name="Counted">Metric and range that are counted, in words.</param>
/// <param name="Group">What was measured.</param>
public sealed record ObservationResult(string Id, string Says, string Counted, CountResult Group);

/// <summary>How many trials of an arm lie in a range.</summary>
/// <param name="Arm">Arm.</param>
/// <param name="N">Trials.</param>
/// <param name="Inside">Trials in the range.</param>
/// <param name="Median">Median; null where nothing was measured.</param>
/// <param name="Min">Least.</param>
/// <param name="Max">Greatest.</param>
public sealed record CountResult(
    string Arm,
    int N,
    int Inside,
    double? Median,
    double? Min,
    double? Max
);

/// <summary>Where a verdict holds; it speaks for nothing that was not measured.</summary>
/// <param name="Device"><c>cpu</c>.</param>
/// <param name="Hardware">Short hashes of the machines.</param>
/// <param name="Models">Models.</param>
/// <param name="Tasks">Tasks.</param>
/// <param name="Seeds">First and last.</param>
/// <param name="Settings">Every setting: its value, its words, or its range.</param>
public sealed record VerdictScope(
    string Device,
    IReadOnlyList<string> Hardware,
    IReadOnlyList<string> Models,
    IReadOnlyList<string> Tasks,
    string Seeds,
    SortedDictionary<string, string> Settings
);

/// <summary>The results under a verdict.</summary>
/// <param name="Trials">Ids of the trials, by arm of the design and seed.</param>
/// <param name="Hash">SHA-256 over every number of them that no clock gave.</param>
public sealed record VerdictInputs(IReadOnlyList<string> Trials, string Hash);
