namespace Harness.Storage.Readers;

/// <summary>Which trials a page shows.</summary>
public sealed record TrialQuery
{
    /// <summary>Of this sweep only.</summary>
    public long? Sweep { get; init; }

    /// <summary>In this state only.</summary>
    public string? State { get; init; }

    /// <summary>Of this model only.</summary>
    public string? Model { get; init; }

    /// <summary>Of this task only.</summary>
    public string? Task { get; init; }

    /// <summary>Cursor of the page before, or null.</summary>
    public string? After { get; init; }

    /// <summary>Rows; 500 at most. Default: 100.</summary>
    public int Limit { get; init; } = Cursor.DefaultLimit;
}

/// <summary>A curve of one trial among those of a sweep.</summary>
/// <param name="Trial">Id of the trial.</param>
/// <param name="Name">Metric or profile.</param>
/// <param name="Axis"><c>step</c> for metrics.</param>
/// <param name="At">Points of the axis.</param>
/// <param name="Values">One value a point.</param>
public sealed record SeriesRow(
    string Trial,
    string Name,
    string Axis,
    IReadOnlyList<double> At,
    IReadOnlyList<double> Values
);
