using Harness.Domain.Workers;

namespace Harness.Storage.Metrics;

/// <summary>What a worker may send: its word is not trusted.</summary>
internal static class IngestBounds
{
    private const int MaxName = 64;
    private const int MaxSeries = 1_000;
    private const int MaxPoints = 65_536;
    private const int MaxLine = 4_096;
    private const int MaxLines = 10_000;

    /// <summary>Whether the data are well formed.</summary>
    public static bool Hold(AttemptData data) =>
        data.Points.Count <= MaxSeries
        && data.Profiles.Count <= MaxSeries
        && data.Log.Count <= MaxLines
        && data.FirstLogLine >= 0
        && data.Points.All(points =>
            Name(points.Metric)
            && points.Steps.Count is > 0 and <= MaxPoints
            && points.Values.Count == points.Steps.Count
            && points.Seconds.Count == points.Steps.Count
            && points.Steps[0] >= 0
            && Rises(points.Steps)
        )
        && data.Profiles.All(profile =>
            Name(profile.Name)
            && Name(profile.Axis)
            && profile.At.Count <= MaxPoints
            && profile.Values.Count == profile.At.Count
            && (profile.Samples is null || profile.Samples.Count == profile.At.Count)
        );

    /// <summary>A log line as it is kept: short, and without the NUL that PostgreSQL's text refuses.</summary>
    public static string Line(string line)
    {
        var kept = line.Length > MaxLine ? line[..MaxLine] : line;
        return kept.Replace('\0', '\u2400');
    }

    private static bool Name(string name) =>
        name.Length is > 0 and <= MaxName
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/');

    private static bool Rises(IReadOnlyList<int> steps)
    {
        for (var i = 1; i < steps.Count; i++)
        {
            if (steps[i] <= steps[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
