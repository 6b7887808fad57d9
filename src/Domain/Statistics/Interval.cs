namespace Harness.Domain.Statistics;

/// <summary>A range that describes an estimate; it decides nothing.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Level">Coverage, e.g. 0.95.</param>
public sealed record Interval(double Low, double High, double Level);
