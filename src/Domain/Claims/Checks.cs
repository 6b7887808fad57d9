namespace Harness.Domain.Claims;

/// <summary>Controls and what is reported beside a verdict.</summary>
internal static class Checks
{
    /// <summary>Whether enough trials of each arm lie where the control wants them.</summary>
    public static ControlResult Control(
        ClaimControl control,
        ClaimDefinition claim,
        Evidence evidence
    )
    {
        var groups = control
            .Arms.Select(arm => Count(claim.Arms[arm], control.Metric, control.Band, evidence))
            .ToList();
        return new ControlResult(
            control.Id,
            control.Says,
            groups.TrueForAll(group => group.N > 0 && group.Inside >= control.Share * group.N),
            $"{control.Metric} {control.Band} in at least {Band.Figure(100 * control.Share)} % of the trials of each arm",
            groups
        );
    }

    /// <summary>How many trials lie in the range.</summary>
    public static ObservationResult Observation(
        ClaimObservation seen,
        ClaimDefinition claim,
        Evidence evidence
    ) =>
        new(
            seen.Id,
            seen.Says,
            $"{seen.Metric} {seen.Band}",
            Count(claim.Arms[seen.Arm], seen.Metric, seen.Band, evidence)
        );

    private static CountResult Count(ClaimArm arm, string metric, Band band, Evidence evidence)
    {
        var values = evidence.Values(arm, metric).Select(value => value.Value).ToList();
        var (median, min, max) = Figures.Spread(values);
        return new CountResult(arm.Name, values.Count, values.Count(band.Holds), median, min, max);
    }
}
