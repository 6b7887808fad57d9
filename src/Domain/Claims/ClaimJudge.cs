using Harness.Domain.Api;

namespace Harness.Domain.Claims;

/// <summary>What is known of a run beside its results.</summary>
/// <param name="Profile">Size of the run.</param>
/// <param name="FileHash">SHA-256 of the claim's file as registered.</param>
/// <param name="Registered">Whether the file was stored before the first of its trials was leased.</param>
public sealed record ClaimRunFacts(ClaimProfileName Profile, string FileHash, bool Registered);

/// <summary>Judges a claim from results: a pure function, so that whoever has the rows gets the same bytes.</summary>
public static class ClaimJudge
{
    /// <summary>
    /// The first look at which every part can reach its level; the profile's only one where none can. Looks before it
    /// would spend time and decide nothing.
    /// </summary>
    public static int FirstLook(ClaimDefinition claim, ClaimProfileName profile)
    {
        for (var look = 1; look < Looks.Count(profile); look++)
        {
            var seeds = Looks.SeedsAt(profile, look);
            if (claim.Parts.All(part => Parts.SmallestP(part, seeds) <= Looks.Level(look)))
            {
                return look;
            }
        }

        return Looks.Count(profile);
    }

    /// <summary>What each part can reach at each look, in words: said when a run is registered.</summary>
    public static IReadOnlyList<string> Reach(ClaimDefinition claim, ClaimProfileName profile) =>
        [
            .. Enumerable
                .Range(1, Looks.Count(profile))
                .SelectMany(look =>
                    claim.Parts.Select(part =>
                    {
                        var seeds = Looks.SeedsAt(profile, look);
                        var least = Parts.SmallestP(part, seeds);
                        return $"{claim.Id}/{part.Id}: {seeds} seeds reach p = {Band.Figure(Figures.Of(least))}, the level is "
                            + $"{Band.Figure(Looks.Level(look))}: "
                            + (least <= Looks.Level(look) ? "can decide" : "cannot decide");
                    })
                ),
        ];

    /// <summary>The look that a run needs after this verdict, or null when it is at its end.</summary>
    public static int? NextLook(Verdict verdict) =>
        verdict.Outcome == VerdictOutcome.Inconclusive
        && verdict.Missing.Count == 0
        && verdict.Controls.All(control => control.Passed)
        && verdict.Look.Number < Looks.Count(verdict.Profile)
            ? verdict.Look.Number + 1
            : null;

    /// <summary>Judges at the first look, and at the next one while it is undecided and trials of it were submitted.</summary>
    /// <param name="claim">The claim as registered.</param>
    /// <param name="facts">What is known of the run.</param>
    /// <param name="rows">Trials of the run's sweeps.</param>
    public static Verdict Judge(
        ClaimDefinition claim,
        ClaimRunFacts facts,
        IReadOnlyList<TrialRow> rows
    )
    {
        var profile = claim.Profiles.First(profile => profile.Name == facts.Profile);
        for (var look = FirstLook(claim, facts.Profile); ; look++)
        {
            var verdict = JudgeAt(look, claim, profile, facts, rows);
            if (
                NextLook(verdict) is not { } next
                || !rows.Any(row => ClaimSweeps.Seeds(profile, next).Contains(row.Seed))
            )
            {
                return verdict;
            }
        }
    }

    private static Verdict JudgeAt(
        int look,
        ClaimDefinition claim,
        ClaimProfile profile,
        ClaimRunFacts facts,
        IReadOnlyList<TrialRow> rows
    )
    {
        var seeds = Looks.SeedsAt(profile.Name, look);
        var evidence = Evidence.Of(claim, profile, look, rows);
        var parts = claim
            .Parts.Select(part => Parts.Judge(part, claim, evidence, seeds, Looks.Level(look)))
            .ToList();
        var controls = claim
            .Controls.Select(control => Checks.Control(control, claim, evidence))
            .ToList();
        var observations = claim
            .Observations.Where(seen => evidence.Has(claim.Arms[seen.Arm]))
            .Select(seen => Checks.Observation(seen, claim, evidence))
            .ToList();
        return new Verdict
        {
            Claim = claim.Id,
            Statement = claim.Statement,
            Outcome = Outcome(parts, controls, evidence),
            Profile = profile.Name,
            Registration = facts.Registered ? "registered" : "exploratory",
            FileHash = facts.FileHash,
            Look = new VerdictLook(
                look,
                seeds,
                Looks.Error(look),
                Looks.SubVerdicts,
                Figures.Of(Looks.Level(look))
            ),
            Matching = claim.Matching,
            Parts = parts,
            Controls = controls,
            Observations = observations,
            Reservations = Reservations.Of(claim, facts, parts, controls, observations, evidence),
            Missing = evidence.Missing,
            Scope = Inputs.Scope(evidence),
            Inputs = Inputs.Of(evidence),
        };
    }

    private static VerdictOutcome Outcome(
        List<PartVerdict> parts,
        List<ControlResult> controls,
        Evidence evidence
    ) =>
        evidence.Missing.Count > 0 || !controls.TrueForAll(control => control.Passed)
            ? VerdictOutcome.Inconclusive
        : parts.Exists(part => part.Outcome == VerdictOutcome.Refuted) ? VerdictOutcome.Refuted
        : parts.TrueForAll(part => part.Outcome == VerdictOutcome.Supported)
            ? VerdictOutcome.Supported
        : VerdictOutcome.Inconclusive;
}
