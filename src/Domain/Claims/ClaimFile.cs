using System.Security.Cryptography;
using System.Text;
using Harness.Domain.Api;
using Harness.Domain.Catalogue;
using Harness.Domain.Sweeps;

namespace Harness.Domain.Claims;

/// <summary>A claim, or everything that is wrong with its file.</summary>
/// <param name="Claim">Null where there are problems.</param>
/// <param name="Problems">Empty where there is a claim.</param>
public sealed record ClaimFileResult(ClaimDefinition? Claim, IReadOnlyList<SpecProblem> Problems);

/// <summary>Reads a claim's file: YAML.</summary>
public static class ClaimFile
{
    /// <summary>Parses and validates it, its sweeps of all profiles included, against the committed catalogue.</summary>
    public static ClaimFileResult Parse(string text)
    {
        var problems = new Problems();
        var (root, fault) = YamlReader.Read(text);
        if (fault is not null)
        {
            return new ClaimFileResult(null, [fault]);
        }

        if (root is not YamlMap map)
        {
            problems.Add(
                "claim.not_a_mapping",
                "",
                root!,
                $"A claim file is a mapping of keys to values, not {root!.Kind}."
            );
            return new ClaimFileResult(null, problems.All);
        }

        var claim = new ClaimBinder(new SettingIndex(TrainerCatalogue.Current), problems).Bind(map);
        if (claim is not null && problems.None)
        {
            ClaimChecker.Check(claim, map, problems);
        }

        return new ClaimFileResult(problems.None ? claim : null, problems.All);
    }

    /// <summary>The claim of a file that is known to be right.</summary>
    public static ClaimDefinition Read(string text) =>
        Parse(text) switch
        {
            { Claim: { } claim } => claim,
            { Problems: var problems } => throw new HarnessException(
                $"The claim's file does not fit this version (line {problems[0].Line}: {problems[0].Message}); "
                    + "run the claim again to register its present file.",
                HarnessException.BadInput
            ),
        };

    /// <summary>SHA-256 of a file: 64 hexadecimal digits.</summary>
    public static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
