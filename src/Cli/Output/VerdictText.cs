using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Domain.Metrics;

namespace Harness.Cli.Output;

/// <summary>A claim and its verdict, for people.</summary>
public static class VerdictText
{
    /// <summary>Lines.</summary>
    public static IEnumerable<string> Of(ClaimRow claim)
    {
        yield return claim.Profile is { } profile
            ? $"{claim.Claim}: {claim.Verdict} ({profile})"
            : $"{claim.Claim}: {claim.Verdict}";
        yield return $"  “{claim.Statement}”";
        foreach (var line in claim.Document is { } document ? Judged(document) : Unjudged(claim))
        {
            yield return $"  {line}";
        }
    }

    private static IEnumerable<string> Unjudged(ClaimRow claim)
    {
        yield return claim.Sweeps.Count > 0
            ? $"measured by {string.Join(", ", claim.Sweeps)}; not judged: trials are missing"
        : ClaimFiles.Ids.Contains(claim.Claim)
            ? $"not measured yet: harness claims run {claim.Claim}"
        : "there is no experiment for it yet";
    }

    private static IEnumerable<string> Judged(string document)
    {
        var verdict = JsonSerializer.Deserialize(document, DomainJson.Default.Verdict)!;
        yield return VerdictWords.Look(verdict);
        yield return $"scope: {VerdictWords.Scope(verdict)}";
        foreach (var part in verdict.Parts)
        {
            yield return $"{part.Id}: {Words.Of(part.Outcome)}. {part.Says}";
            yield return $"  {part.EffectName}: {VerdictWords.Effect(part)}";
            yield return $"  {VerdictWords.P(part)}";
            foreach (var group in part.Groups)
            {
                yield return $"  {group.Arm}: median {Format.Number(group.Median)} [{Format.Number(group.Min)}, {Format.Number(group.Max)}], "
                    + $"{group.InSupport} of {group.N} support, {group.InRefute} refute";
            }

            yield return $"  rule: {part.Rule}";
        }

        foreach (var control in verdict.Controls)
        {
            yield return $"control {control.Id}: {(control.Passed ? "held" : "FAILED")}. {control.Says}";
        }

        foreach (var seen in verdict.Observations)
        {
            yield return $"also seen: {seen.Says}: {seen.Group.Inside} of {seen.Group.N} ({seen.Counted})";
        }

        foreach (var reservation in verdict.Reservations)
        {
            yield return $"reservation: {reservation}";
        }

        foreach (var missing in verdict.Missing)
        {
            yield return $"missing: {missing}";
        }
    }
}
