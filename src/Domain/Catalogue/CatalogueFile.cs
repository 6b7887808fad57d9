using System.Text.Json.Serialization;
using Harness.Domain.Trials;

namespace Harness.Domain.Catalogue;

/// <summary>Which family a sequence model belongs to.</summary>
[JsonConverter(typeof(WordConverter<ModelFamily>))]
public enum ModelFamily
{
    /// <summary>Carries a state from step to step.</summary>
    Recurrent,

    /// <summary>Links positions directly.</summary>
    Attention,
}

/// <summary>Kind of a parameter's value.</summary>
[JsonConverter(typeof(WordConverter<ParameterKind>))]
public enum ParameterKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>One of the listed words.</summary>
    Choice,
}

/// <summary>A setting that a sweep may name.</summary>
public sealed record ParameterDefinition
{
    /// <summary>snake_case name.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of value.</summary>
    public required ParameterKind Kind { get; init; }

    /// <summary>One line.</summary>
    public required string Description { get; init; }

    /// <summary>Value where a sweep names none; null: must be given.</summary>
    public SettingValue? Default { get; init; }

    /// <summary>Least value of a number.</summary>
    public double? Min { get; init; }

    /// <summary>Greatest value of a number.</summary>
    public double? Max { get; init; }

    /// <summary>Words of a choice.</summary>
    public IReadOnlyList<string>? Choices { get; init; }
}

/// <summary>A sequence model as everything outside the trainer knows it.</summary>
public sealed record ModelEntry
{
    /// <summary>kebab-case name.</summary>
    public required string Name { get; init; }

    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>Family.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>One line.</summary>
    public required string Description { get; init; }

    /// <summary>Paper and equation.</summary>
    public required string Source { get; init; }

    /// <summary>Settings of this model beside the common ones.</summary>
    public required IReadOnlyList<ParameterDefinition> Parameters { get; init; }

    /// <summary>Probes that it can serve.</summary>
    public required IReadOnlyList<string> Probes { get; init; }
}

/// <summary>A sequence task as everything outside the trainer knows it.</summary>
public sealed record TaskEntry
{
    /// <summary>kebab-case name.</summary>
    public required string Name { get; init; }

    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>One line.</summary>
    public required string Description { get; init; }

    /// <summary>Paper and section.</summary>
    public required string Source { get; init; }

    /// <summary>Axis of its accuracy profile: <c>lag</c>, <c>length</c> or <c>position</c>; null where nothing is trained.</summary>
    public required string? Axis { get; init; }

    /// <summary>How chance is computed, in words; null where nothing is trained.</summary>
    public required string? Chance { get; init; }

    /// <summary>Settings of this task beside the common ones.</summary>
    public required IReadOnlyList<ParameterDefinition> Parameters { get; init; }

    /// <summary>Name of the data file it reads, packed by gzip; null where it draws its data.</summary>
    public string? DataFile { get; init; }

    /// <summary>SHA-256 of the data file's content; null where it draws its data.</summary>
    public string? DataHash { get; init; }

    /// <summary>Command that fetches the data file; null where it draws its data.</summary>
    public string? DataSetup { get; init; }
}

/// <summary>A probe as everything outside the trainer knows it.</summary>
/// <param name="Name">kebab-case name.</param>
/// <param name="Description">One line.</param>
/// <param name="Metrics">Metrics that it measures.</param>
public sealed record ProbeEntry(string Name, string Description, IReadOnlyList<string> Metrics);

/// <summary>The committed file that the trainer writes about itself (<c>harness-train --catalogue</c>).</summary>
public sealed record CatalogueFile
{
    /// <summary>The trainer's numerics number.</summary>
    public required int Numerics { get; init; }

    /// <summary>Settings that every trial has.</summary>
    public required IReadOnlyList<ParameterDefinition> Common { get; init; }

    /// <summary>All models.</summary>
    public required IReadOnlyList<ModelEntry> Models { get; init; }

    /// <summary>All tasks.</summary>
    public required IReadOnlyList<TaskEntry> Tasks { get; init; }

    /// <summary>All probes.</summary>
    public required IReadOnlyList<ProbeEntry> Probes { get; init; }
}
