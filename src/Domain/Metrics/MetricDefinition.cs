using System.Text.Json.Serialization;

namespace Harness.Domain.Metrics;

/// <summary>Which direction is better.</summary>
[JsonConverter(typeof(WordConverter<Better>))]
public enum Better
{
    /// <summary>More is better.</summary>
    Higher,

    /// <summary>Less is better.</summary>
    Lower,

    /// <summary>Neither: a fact.</summary>
    Neither,
}

/// <summary>A number, declared once; tables, pages, exports and docs render from here.</summary>
/// <param name="Name">snake_case name, the key in results and curves.</param>
/// <param name="Title">Column head.</param>
/// <param name="Unit">Unit in words, or empty.</param>
/// <param name="Better">Direction.</param>
/// <param name="Format">
/// <c>share</c> three decimals; <c>count</c> exact; <c>rate</c> in k; <c>bytes</c>; <c>seconds</c>; <c>number</c> three figures.
/// </param>
/// <param name="Description">One line: how it is taken.</param>
public sealed record MetricDefinition(
    string Name,
    string Title,
    string Unit,
    Better Better,
    string Format,
    string Description
);
