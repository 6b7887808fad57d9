using System.Globalization;
using Harness.Dashboard.Problems;

namespace Harness.Dashboard;

/// <summary>How many rows an answer has: 100 unless asked, 500 at most. The answer says how many there are.</summary>
public static class Paging
{
    /// <summary>Rows unless asked.</summary>
    public const int Default = 100;

    /// <summary>Rows at most.</summary>
    public const int Most = 500;

    /// <summary>Reads <c>limit</c>; the problem, when it is no number above 0.</summary>
    public static ProblemAnswer? TryLimit(string? text, out int limit)
    {
        limit = Default;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (
            !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            || asked < 1
        )
        {
            return ProblemAnswer.BadQuery(
                $"'limit' is '{text}', which is no whole number above 0.",
                ["1 to 500"],
                "limit"
            );
        }

        limit = (int)Math.Min(asked, Most);
        return null;
    }
}
