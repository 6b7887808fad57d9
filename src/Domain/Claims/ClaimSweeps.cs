using Harness.Domain.Api;
using Harness.Domain.Catalogue;
using Harness.Domain.Sweeps;

namespace Harness.Domain.Claims;

/// <summary>A sweep that measures for a claim.</summary>
/// <param name="Name">Its name in the claim's file.</param>
/// <param name="Spec">What it trains.</param>
/// <param name="Source">The same as a sweep file that can be submitted by itself.</param>
public sealed record ClaimSweep(string Name, SweepSpec Spec, string Source);

/// <summary>Makes the sweeps of a run of a claim: its file's, with the profile's changes, for the seeds of a look.</summary>
public static class ClaimSweeps
{
    /// <summary>Seeds that a look adds to those before it.</summary>
    public static IReadOnlyList<long> Seeds(ClaimProfile profile, int look)
    {
        var (from, to) = (Looks.SeedsAt(profile.Name, look - 1), Looks.SeedsAt(profile.Name, look));
        return [.. Enumerable.Range(from, to - from).Select(number => profile.FirstSeed + number)];
    }

    /// <summary>The sweeps that a look adds; the claim is known to be right.</summary>
    public static IReadOnlyList<ClaimSweep> Of(
        ClaimDefinition claim,
        ClaimProfile profile,
        int look
    ) =>
        [
            .. claim.Sweeps.Keys.Select(name =>
            {
                var file = File(claim, profile, look, name);
                return new ClaimSweep(
                    name,
                    SweepFile.Parse(file, TrainerCatalogue.Current).Spec!,
                    YamlText.Of(file)
                );
            }),
        ];

    /// <summary>What is wrong with a sweep of the claim, with paths of the claim's file.</summary>
    public static IEnumerable<SpecProblem> Problems(
        ClaimDefinition claim,
        ClaimProfile profile,
        string sweep
    ) =>
        SweepFile
            .Parse(File(claim, profile, 1, sweep), TrainerCatalogue.Current)
            .Problems.Select(problem =>
                problem with
                {
                    Path = $"/sweeps/{sweep}{problem.Path}",
                    Message = $"{problem.Message} (profile {Words.Of(profile.Name)})",
                }
            );

    private static YamlMap File(ClaimDefinition claim, ClaimProfile profile, int look, string sweep)
    {
        var seeds = Seeds(profile, look);
        var name = $"{claim.Id} {sweep}, {Words.Of(profile.Name)}, seeds {seeds[0]} to {seeds[^1]}";
        var file = claim.Sweeps[sweep];
        foreach (var (key, value) in profile.Set)
        {
            var path = key.Split('.');
            file = path[0] == sweep ? SetOption.Put(file, path.AsSpan(1), value) : file;
        }

        return file with
        {
            Entries =
            [
                Entry("version", Scalar("1")),
                Entry("name", Scalar(name)),
                .. file.Entries,
                Entry(
                    "seeds",
                    new YamlMap(
                        [
                            Entry(
                                "values",
                                new YamlList([.. seeds.Select(seed => Scalar($"{seed}"))], 0, 0)
                            ),
                        ],
                        0,
                        0
                    )
                ),
            ],
        };
    }

    private static YamlEntry Entry(string key, YamlNode value) => new(Scalar(key), value);

    private static YamlScalar Scalar(string text) => new(text, true, 0, 0);
}
