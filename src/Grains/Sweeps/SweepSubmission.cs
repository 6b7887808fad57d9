using Harness.Domain.Api;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;

namespace Harness.Grains.Sweeps;

/// <summary>What a person submitted, validated.</summary>
[GenerateSerializer]
[Alias("harness.sweep-submission")]
public sealed record SweepSubmission
{
    /// <summary>Name from the file.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The file as it was submitted.</summary>
    [Id(1)]
    public required string Source { get; init; }

    /// <summary>The resolved spec as canonical JSON; its hash is the grain's key.</summary>
    [Id(2)]
    public required string Resolved { get; init; }

    /// <summary>Who submits.</summary>
    [Id(3)]
    public required string SubmittedBy { get; init; }

    /// <summary>The trials, in the order in which they are to run; null: all that <see cref="Resolved"/> expands to.</summary>
    /// <remarks>A silo expands them sooner than it reads a message with a hundred thousand of them.</remarks>
    [Id(4)]
    public IReadOnlyList<TrialSpec>? Trials
    {
        get;
        // A collection expression makes a type that no serializer knows.
        init => field = value?.ToArray();
    }

    /// <summary>Higher first.</summary>
    [Id(5)]
    public required int Priority { get; init; }

    /// <summary>Trials of this sweep that may run at a time.</summary>
    [Id(6)]
    public required int MaxConcurrentTrials { get; init; }

    /// <summary>Counted infrastructure failures before quarantine.</summary>
    [Id(7)]
    public required int MaxCrashes { get; init; }

    /// <summary>Counted job failures before failed.</summary>
    [Id(8)]
    public required int MaxRetries { get; init; }

    /// <summary>The run of a claim that made it, or null.</summary>
    [Id(9)]
    public long? ClaimRun { get; init; }

    /// <summary>W3C trace context of the submit, or null: trials link to it.</summary>
    [Id(10)]
    public string? TraceParent { get; init; }

    /// <summary>Description from the file.</summary>
    [Id(11)]
    public string? Description { get; init; }

    /// <summary>
    /// Measure anew: every trial of this sweep is a new generation. The grain's key is then the hash with a suffix of
    /// the submitter's choice, e.g. <c>hash/fresh-1</c>, so that the sweep is another one.
    /// </summary>
    [Id(12)]
    public bool Fresh { get; init; }

    /// <summary>The caller's key: the same again gets the same answer. Null: none.</summary>
    [Id(13)]
    public SubmitKey? IdempotencyKey { get; init; }

    /// <summary>The trials that are to be stored, each once.</summary>
    public IReadOnlyList<TrialSpec> AllTrials() =>
        Trials is { } given
            ? [.. given.DistinctBy(trial => trial.Identity())]
            : SweepExpansion.Trials(SweepSpec.Read(Resolved));

    /// <summary>A validated spec as it is handed in.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="source">Its file as it was submitted.</param>
    /// <param name="by">Who submits.</param>
    public static SweepSubmission Of(SweepSpec spec, string source, string by) =>
        new()
        {
            Name = spec.Name,
            Description = spec.Description,
            Source = source,
            Resolved = spec.ToJson(),
            SubmittedBy = by,
            Priority = spec.Priority,
            MaxConcurrentTrials = spec.MaxConcurrentTrials,
            MaxCrashes = spec.MaxCrashes,
            MaxRetries = spec.MaxRetries,
        };
}
