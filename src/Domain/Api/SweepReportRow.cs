namespace Harness.Domain.Api;

/// <summary>A number over the seeds of one cell.</summary>
/// <param name="Median">Median.</param>
/// <param name="Min">Least.</param>
/// <param name="Max">Greatest.</param>
/// <param name="Count">Trials that measured it.</param>
public sealed record Spread(double Median, double Min, double Max, int Count);

/// <summary>One cell of a sweep: a model on a task in equal settings, over its seeds and repeats.</summary>
public sealed record SweepReportRow
{
    /// <summary>Task.</summary>
    public required string Task { get; init; }

    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>The settings that this sweep varies for this model and task, e.g. <c>lag 30</c>; empty where none is.</summary>
    public required string Cell { get; init; }

    /// <summary>Ids of its trials.</summary>
    public required IReadOnlyList<string> Trials { get; init; }

    /// <summary>How many of them have a result.</summary>
    public required int Succeeded { get; init; }

    /// <summary>Final numbers by catalogue name; absent where no trial measured it.</summary>
    public required SortedDictionary<string, Spread> Metrics { get; init; }

    /// <summary>The number of that name, or null.</summary>
    public Spread? Metric(string name) => Metrics.GetValueOrDefault(name);
}

/// <summary><c>report --json</c>: a sweep with its trials, and what they say per model and task.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Summary">A row a cell, ordered by task, settings and model.</param>
public sealed record SweepReportDocument(SweepDetail Sweep, IReadOnlyList<SweepReportRow> Summary);
