using Harness.Domain.Api;
using Harness.Domain.Catalogue;
using Harness.Domain.Claims;

namespace Harness.Domain.Sweeps;

/// <summary>A spec, or everything that is wrong with the file.</summary>
/// <param name="Spec">Null where there are problems.</param>
/// <param name="Problems">Empty where there is a spec.</param>
public sealed record SweepFileResult(SweepSpec? Spec, IReadOnlyList<SpecProblem> Problems);

/// <summary>Reads a sweep file: YAML or JSON.</summary>
public static class SweepFile
{
    /// <summary>Parses and validates against the committed catalogue.</summary>
    public static SweepFileResult Parse(string text) => Parse(text, []);

    /// <summary>The same, with values of <c>--set key=value</c> put over those of the file.</summary>
    public static SweepFileResult Parse(
        string text,
        IReadOnlyList<KeyValuePair<string, string>> overrides
    ) => Parse(text, overrides, TrainerCatalogue.Current);

    /// <summary>The same, of a file that may say of itself that it is JSON.</summary>
    public static SweepFileResult Parse(
        string text,
        IReadOnlyList<KeyValuePair<string, string>> overrides,
        bool isJson
    ) => Parse(text, overrides, TrainerCatalogue.Current, isJson);

    /// <summary>The same, against another catalogue.</summary>
    public static SweepFileResult Parse(
        string text,
        IReadOnlyList<KeyValuePair<string, string>> overrides,
        CatalogueFile catalogue,
        bool isJson = false
    )
    {
        var problems = new Problems();
        var (root, fault) = YamlReader.Read(text, isJson);
        if (fault is not null)
        {
            return new SweepFileResult(null, [fault]);
        }

        if (root is not YamlMap map)
        {
            problems.Add(
                "spec.not_a_mapping",
                "",
                root!,
                $"A sweep file is a mapping of keys to values, not {root!.Kind}."
            );
            return new SweepFileResult(null, problems.All);
        }

        if (map.Find("claim") is { } claim && map.Find("parameters") is null)
        {
            // Forty-five faults of keys that belong there would hide the one.
            problems.Add("spec.claim", "/claim", claim.Key, OfClaim(claim.Value));
            return new SweepFileResult(null, problems.All);
        }

        foreach (var (key, value) in overrides)
        {
            map = SetOption.Apply(map, key, value, problems);
        }

        return Bind(map, catalogue, problems);
    }

    /// <summary>The same, of a mapping that stands in another file.</summary>
    public static SweepFileResult Parse(YamlMap file, CatalogueFile catalogue) =>
        Bind(file, catalogue, new Problems());

    private static string OfClaim(YamlNode id) =>
        ClaimCatalog.Find((id as YamlScalar)?.Text ?? "") is { } known
            ? $"This is the file of a claim, not of a sweep: `harness claims run {known.Id}` measures it."
            : "This is the file of a claim, not of a sweep: `harness claims run ID` measures one, and `harness ls claims` shows their ids.";

    private static SweepFileResult Bind(YamlMap map, CatalogueFile catalogue, Problems problems)
    {
        var spec = new SweepBinder(new SettingIndex(catalogue), problems).Bind(map);
        if (spec is not null && problems.None)
        {
            new CellChecker(new SettingIndex(catalogue), problems).Check(spec, map);
        }

        return new SweepFileResult(problems.None ? spec : null, problems.All);
    }
}
