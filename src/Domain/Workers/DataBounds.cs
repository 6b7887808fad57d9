using System.Globalization;
using Harness.Domain.Trials;

namespace Harness.Domain.Workers;

/// <summary>
/// What an attempt may report. A worker holds its trainer to it, event by event; a silo holds its workers to it.
/// NaN and infinities are values like others: a run that diverges measures them.
/// </summary>
public static class DataBounds
{
    private const int MaxName = 64;
    private const int MaxSeries = 1_000;
    private const int MaxPoints = 65_536;
    private const int MaxLines = 10_000;

    /// <summary>What is wrong with a message, in a sentence without its end; null where nothing is.</summary>
    public static string? Fault(AttemptData data) =>
        Most(data.Points.Count, MaxSeries, "chunks of curves")
        ?? Most(data.Profiles.Count, MaxSeries, "profiles")
        ?? Most(data.Log.Count, MaxLines, "log lines")
        ?? (data.FirstLogLine < 0 ? "the number of the first log line is below 0" : null)
        ?? data.Points.Select(points => Fault(points)).FirstOrDefault(fault => fault is not null)
        ?? data.Profiles.Select(Fault).FirstOrDefault(fault => fault is not null);

    /// <summary>The same of a chunk of a curve.</summary>
    /// <param name="points">The chunk.</param>
    /// <param name="after">The last step of the curve so far, which these must follow; null where it begins.</param>
    public static string? Fault(TrainerPoints points, int? after = null) =>
        Name("metric", points.Metric)
        ?? Lists(
            points.Metric,
            points.Steps.Count,
            ("values", points.Values.Count),
            ("seconds", points.Seconds.Count)
        )
        ?? Steps(points, after);

    /// <summary>The same of a profile.</summary>
    public static string? Fault(TrainerProfile profile) =>
        Name("profile", profile.Name)
        ?? Name("axis", profile.Axis)
        ?? Lists(
            profile.Name,
            profile.At.Count,
            ("values", profile.Values.Count),
            ("samples", profile.Samples?.Count ?? profile.At.Count)
        );

    private static string? Name(string kind, string name) =>
        name.Length == 0 ? $"a {kind} has no name"
        : name.Length > MaxName
            ? $"the {kind} {Quoted(name)} has a name of {name.Length} characters, and {MaxName} are allowed"
        : !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/')
            ? $"the name of the {kind} {Quoted(name)} has other characters than letters, digits and _ - . /"
        : null;

    // A name may hold anything, and the sentence is shown to people.
    private static string Quoted(string name) =>
        $"'{BoundedText.Cut(new string([.. name.Where(c => !char.IsControl(c))]), MaxName)}'";

    private static string? Lists(
        string name,
        int count,
        params ReadOnlySpan<(string Kind, int Count)> others
    )
    {
        foreach (var (kind, other) in others)
        {
            if (other != count)
            {
                return Said($"{name} has {count} points and {other} {kind}");
            }
        }

        return Most(count, MaxPoints, $"points of {name}");
    }

    private static string? Steps(TrainerPoints points, int? after)
    {
        if (points.Steps.Count == 0)
        {
            return $"{points.Metric} comes without a point";
        }

        var last = after ?? -1;
        foreach (var step in points.Steps)
        {
            if (step < 0)
            {
                return Said($"{points.Metric} has the step {step}, and steps begin at 0");
            }

            if (step <= last)
            {
                return Said($"{points.Metric} has step {step} behind step {last}, and steps rise");
            }

            last = step;
        }

        return null;
    }

    private static string? Most(int count, int most, string what) =>
        count > most ? Said($"{count} {what} come at once, and {most} are allowed") : null;

    private static string Said(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
