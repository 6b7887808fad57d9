using Harness.Domain.Api;

namespace Harness.Cli.Output;

/// <summary>A claim and its verdict, for people.</summary>
public static class VerdictText
{
    /// <summary>Lines.</summary>
    public static IEnumerable<string> Of(ClaimRow claim)
    {
        yield return $"{claim.Claim}: {claim.Verdict}";
        yield return $"  {claim.Statement}";
        if (claim.Document is null)
        {
            yield return claim.Sweeps.Count == 0
                ? $"  not measured yet: harness claims run {claim.Claim}"
                : $"  measured by {string.Join(", ", claim.Sweeps)}; not judged yet";
        }
    }
}
