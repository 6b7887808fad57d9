using System.Text.Json.Serialization;
using Harness.Domain.Sweeps;

namespace Harness.Domain.Claims;

/// <summary>How much a run of a claim costs.</summary>
[JsonConverter(typeof(WordConverter<ClaimProfileName>))]
public enum ClaimProfileName
{
    /// <summary>A minute: shows that everything works, decides nothing.</summary>
    Smoke,

    /// <summary>Small models on a laptop.</summary>
    Quick,

    /// <summary>Larger models and longer sequences.</summary>
    Full,
}

/// <summary>A statement of the essay with all that decides it, as its file says.</summary>
public sealed record ClaimDefinition
{
    /// <summary>Id, e.g. <c>order</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The essay's words.</summary>
    public required string Statement { get; init; }

    /// <summary>What is equal between the arms.</summary>
    public required string Matching { get; init; }

    /// <summary>Sweeps by name, in the form of a sweep file without name, version and seeds.</summary>
    public required SortedDictionary<string, YamlMap> Sweeps { get; init; }

    /// <summary>Profiles that the file offers.</summary>
    public required IReadOnlyList<ClaimProfile> Profiles { get; init; }

    /// <summary>Groups of trials by name.</summary>
    public required SortedDictionary<string, ClaimArm> Arms { get; init; }

    /// <summary>Sub-verdicts: all must be supported, one refuted refutes.</summary>
    public required IReadOnlyList<ClaimPart> Parts { get; init; }

    /// <summary>What must hold for the numbers to mean anything.</summary>
    public required IReadOnlyList<ClaimControl> Controls { get; init; }

    /// <summary>What is reported and decides nothing.</summary>
    public required IReadOnlyList<ClaimObservation> Observations { get; init; }

    /// <summary>What weakens every verdict of this claim.</summary>
    public required IReadOnlyList<string> Reservations { get; init; }
}

/// <summary>A size of a run.</summary>
/// <param name="Name">Which.</param>
/// <param name="FirstSeed">Start of its block of seeds.</param>
/// <param name="Set">Values put over those of the sweeps: <c>sweep.key.key</c>.</param>
public sealed record ClaimProfile(
    ClaimProfileName Name,
    long FirstSeed,
    IReadOnlyList<KeyValuePair<string, YamlNode>> Set
);

/// <summary>A group of trials that differ in their seed, or in what a part looks at.</summary>
/// <param name="Name">Name.</param>
/// <param name="Sweep">Sweep that trains it.</param>
/// <param name="Where">Cells of the sweep: all must hold.</param>
public sealed record ClaimArm(string Name, string Sweep, IReadOnlyList<Condition> Where);

/// <summary>A sub-verdict: one metric, two thresholds, one rule.</summary>
public sealed record ClaimPart
{
    /// <summary>Name.</summary>
    public required string Id { get; init; }

    /// <summary>What it says, in words.</summary>
    public required string Says { get; init; }

    /// <summary><c>solves</c> or <c>bound</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>Primary metric.</summary>
    public required string Metric { get; init; }

    /// <summary>Group that it speaks of.</summary>
    public required string Arm { get; init; }

    /// <summary>Groups that it is compared with, each of them; for <c>solves</c>.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];

    /// <summary>How the cells of a seed become one number; for <c>bound</c>.</summary>
    public string Statistic { get; init; } = "value";

    /// <summary>Metric on the other axis of a slope, or null.</summary>
    public string? Predictor { get; init; }

    /// <summary>Cells that count, by a metric of theirs; null: all.</summary>
    public MetricBound? Where { get; init; }

    /// <summary><c>permutation</c> or <c>binomial</c>; for <c>bound</c>.</summary>
    public string Test { get; init; } = "binomial";

    /// <summary>Values that speak for the statement.</summary>
    public required Band ThetaSupport { get; init; }

    /// <summary>Values that speak against it.</summary>
    public required Band ThetaRefute { get; init; }
}

/// <summary>Chooses cells by a number that they measured.</summary>
/// <param name="Metric">The number.</param>
/// <param name="Band">Where it must lie.</param>
public sealed record MetricBound(string Metric, Band Band);

/// <summary>A condition without which no number of the run means anything.</summary>
/// <param name="Id">Name.</param>
/// <param name="Says">What it says, in words.</param>
/// <param name="Arms">Groups, each of them.</param>
/// <param name="Metric">Metric.</param>
/// <param name="Band">Where it must lie.</param>
/// <param name="Share">Least share of the trials of each group that must lie there.</param>
public sealed record ClaimControl(
    string Id,
    string Says,
    IReadOnlyList<string> Arms,
    string Metric,
    Band Band,
    double Share
);

/// <summary>Something that is reported beside the verdict.</summary>
/// <param name="Id">Name.</param>
/// <param name="Says">What it says, in words.</param>
/// <param name="Arm">Group.</param>
/// <param name="Metric">Metric.</param>
/// <param name="Band">Values that are counted.</param>
/// <param name="Optional">Whether a profile may leave the group out.</param>
/// <param name="Reservation">Said when at least half of the trials lie in the band, or null.</param>
public sealed record ClaimObservation(
    string Id,
    string Says,
    string Arm,
    string Metric,
    Band Band,
    bool Optional,
    string? Reservation
);
