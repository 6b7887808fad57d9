using Harness.Domain.Trials;

namespace Harness.Domain.Claims;

/// <summary>What weakens a verdict, the gravest first.</summary>
internal static class Reservations
{
    private const double Matched = 1.05; // parameter counts: measuring rules, section 2

    /// <summary>All of them, in one order.</summary>
    public static IReadOnlyList<string> Of(
        ClaimDefinition claim,
        ClaimRunFacts facts,
        IReadOnlyList<PartVerdict> parts,
        IReadOnlyList<ControlResult> controls,
        IReadOnlyList<ObservationResult> observations,
        Evidence evidence
    )
    {
        var all = new List<string>();
        if (facts.Profile == ClaimProfileName.Smoke)
        {
            all.Add(
                $"Profile smoke: {Looks.SmokeSeeds} seeds show that everything works and decide nothing."
            );
        }

        if (!facts.Registered)
        {
            all.Add(
                "Exploratory: some of its trials were leased before this file was registered, so that its thresholds may follow the results."
            );
        }

        if (evidence.Missing.Count > 0)
        {
            var steps = evidence
                .Design.Where(item => item.Row is null)
                .Sum(item => (long)item.Trial.Integer("steps"));
            all.Add(
                $"Incomplete: {evidence.Missing.Count} results are missing; the missing trials take {steps} training steps."
            );
        }

        all.AddRange(
            controls
                .Where(control => !control.Passed)
                .Select(control => $"Control failed: {control.Says}.")
        );
        all.AddRange(
            parts
                .Where(part => part.SmallestP > part.Level)
                .Select(part =>
                    $"Too few seeds for '{part.Id}': the least p in reach is {Band.Figure(part.SmallestP)}, the level is {Band.Figure(part.Level)}."
                )
        );
        all.AddRange(OfRows(claim, evidence));
        all.AddRange(claim.Reservations);
        all.AddRange(
            claim
                .Observations.Where(seen => seen.Reservation is not null)
                .Join(
                    observations,
                    seen => seen.Id,
                    found => found.Id,
                    (seen, found) => (seen, found)
                )
                .Where(pair =>
                    pair.found.Group.N > 0 && 2 * pair.found.Group.Inside >= pair.found.Group.N
                )
                .Select(pair =>
                    $"{pair.seen.Reservation} ({pair.found.Group.Inside} of {pair.found.Group.N} trials)"
                )
        );
        all.Add("No GPU was measured; the verdict speaks for CPUs alone.");
        return all;
    }

    private static IEnumerable<string> OfRows(ClaimDefinition claim, Evidence evidence)
    {
        var rows = evidence.Design.Select(item => item.Row).Where(row => row is not null).ToList();
        foreach (
            var outcome in rows.Where(row => row!.Outcome is not (null or TrialOutcome.Ok))
                .GroupBy(row => row!.Outcome!.Value)
                .OrderBy(group => group.Key)
        )
        {
            yield return $"{outcome.Count()} of {rows.Count} trials ended as {Words.Of(outcome.Key)}.";
        }

        if (rows.Count(row => row!.Contended == true) is > 0 and var contended)
        {
            yield return $"The machine was contended in {contended} of {rows.Count} trials; it voids times, which this claim does not use.";
        }

        if (rows.Select(row => row!.Hardware).Distinct().Count() > 1)
        {
            yield return "The trials ran on unequal hardware.";
        }

        var counts = claim
            .Parts.SelectMany(part => part.Against.Prepend(part.Arm))
            .Distinct()
            .Select(arm => evidence.Rows(claim.Arms[arm]).Select(row => row.ParameterCount).Max())
            .OfType<long>()
            .ToList();
        if (counts.Count > 1 && counts.Max() > Matched * counts.Min())
        {
            yield return $"The arms differ in their number of parameters: {counts.Min()} to {counts.Max()}.";
        }
    }
}
