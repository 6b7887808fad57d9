using Harness.Domain.Api;

namespace Harness.Dashboard.Claims;

/// <summary>How many claims have which verdict, in words.</summary>
public static class ClaimTally
{
    private static readonly string[] Order =
    [
        "supported",
        "refuted",
        "inconclusive",
        "running",
        "unmeasured",
    ];

    /// <summary><c>9 supported, 2 refuted</c>.</summary>
    public static string Of(IReadOnlyList<ClaimRow> claims) =>
        string.Join(
            ", ",
            claims
                .GroupBy(claim => claim.Verdict)
                .OrderBy(group => Array.IndexOf(Order, group.Key))
                .Select(group => $"{group.Count()} {group.Key}")
        );
}
