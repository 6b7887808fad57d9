namespace Harness.Domain.Claims;

/// <summary>When a claim may be decided, and how small a p must be.</summary>
/// <remarks>
/// The family is fixed: 40 sub-verdicts, whether or not all of them are ever measured, so that the outcome of one does
/// not depend on which others were asked for. Both looks share one error of 5 %: Bonferroni over looks and sub-verdicts.
/// </remarks>
public static class Looks
{
    /// <summary>Sub-verdicts that all claims together may register.</summary>
    public const int SubVerdicts = 40;

    /// <summary>Seeds of the smoke profile, which decides nothing.</summary>
    public const int SmokeSeeds = 2;

    private static readonly int[] Seeds = [8, 16];
    private static readonly double[] Errors = [0.02, 0.03];

    /// <summary>Number of looks of a profile.</summary>
    public static int Count(ClaimProfileName profile) =>
        profile == ClaimProfileName.Smoke ? 1 : Seeds.Length;

    /// <summary>Seeds an arm at a look, counted from 1.</summary>
    public static int SeedsAt(ClaimProfileName profile, int look) =>
        look == 0 ? 0
        : profile == ClaimProfileName.Smoke ? SmokeSeeds
        : Seeds[look - 1];

    /// <summary>Share of the error that a look may spend.</summary>
    public static double Error(int look) => Errors[look - 1];

    /// <summary>Greatest one-sided p that decides a sub-verdict at a look.</summary>
    public static double Level(int look) => Error(look) / (2 * SubVerdicts);
}
