using Harness.Dashboard.Problems;
using Harness.Domain.Api;

namespace Harness.Dashboard.Trials;

/// <summary>Why an address names no trial.</summary>
public static class TrialLookup
{
    /// <summary>400 for what is no id at all, else 404.</summary>
    public static ProblemAnswer Missing(string text) =>
        Ids.TryTrial(text, out _)
            ? ProblemAnswer.NotFound($"trial {text}")
            : ProblemAnswer.BadId($"'{text}' is no id of a trial: write T-1 or 1.");
}
