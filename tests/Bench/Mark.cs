namespace Harness.Bench;

/// <summary>One mark: what is measured, and how.</summary>
/// <param name="Id">e.g. <c>M3</c>.</param>
/// <param name="Title">What is measured.</param>
/// <param name="How">One sentence about the way it is measured.</param>
/// <param name="Measure">Measures it.</param>
internal sealed record Mark(string Id, string Title, string How, Func<Scale, Task<Table>> Measure);

/// <summary>How much is run: <c>full</c> for figures, <c>small</c> to see that everything still works.</summary>
internal enum Scale
{
    Full,
    Small,
}

/// <summary>Every mark that <c>./dev bench</c> knows: one line a mark.</summary>
internal static class Marks
{
    public static IReadOnlyList<Mark> All { get; } =
    [
        NoopTrials.Mark,
        TrainingOverhead.Mark,
        Transitions.Mark,
        Ingest.Mark,
        Submits.Mark,
        Recovery.Mark,
    ];
}
