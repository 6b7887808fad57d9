using Harness.Domain.Api;

namespace Harness.Domain.Sweeps;

/// <summary>Gathers everything that is wrong with a file, up to a limit that a person can read.</summary>
public sealed class Problems
{
    private const int Limit = 50;

    private readonly List<SpecProblem> _all = [];
    private readonly HashSet<(string, string)> _seen = [];

    /// <summary>All faults, in the order of the file.</summary>
    public IReadOnlyList<SpecProblem> All =>
        [
            .. _all.Where(problem => problem.Code != "field.required" || !Misspelt(problem.Path))
                .OrderBy(problem => (problem.Line, problem.Column))
                .Take(Limit),
        ];

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool None => _all.Count == 0;

    /// <summary>Adds one fault, once.</summary>
    public void Add(
        string code,
        string path,
        YamlNode at,
        string message,
        IEnumerable<string>? allowed = null,
        string? suggestion = null
    )
    {
        if (_seen.Add((code, path)))
        {
            _all.Add(
                new SpecProblem
                {
                    Code = code,
                    Path = path,
                    Line = at.Line,
                    Column = at.Column,
                    Message = message,
                    Allowed = allowed?.ToList(),
                    Suggestion = suggestion,
                }
            );
        }
    }

    /// <summary>Adds a fault that the form of the file has.</summary>
    public void Add(SpecProblem problem) => _all.Add(problem);

    /// <summary>A key that nobody knows.</summary>
    public void UnknownKey(string path, YamlScalar key, IReadOnlyCollection<string> known) =>
        Add(
            "field.unknown",
            path,
            key,
            $"There is no key '{key.Text}' here.",
            known,
            Nearest.To(key.Text, known)
        );

    /// <summary>A word that is none of a closed list.</summary>
    public void UnknownWord(
        string code,
        string path,
        YamlNode at,
        string what,
        string word,
        IReadOnlyCollection<string> known
    ) => Add(code, path, at, $"There is no {what} '{word}'.", known, Nearest.To(word, known));

    /// <summary>Adds every key of the mapping that nobody knows.</summary>
    public void CheckKeys(string path, YamlMap map, IReadOnlyCollection<string> known)
    {
        foreach (var entry in map.Entries.Where(entry => !known.Contains(entry.Key.Text)))
        {
            UnknownKey($"{path}/{entry.Key.Text}", entry.Key, known);
        }
    }

    // A key that is missing because it is written wrongly is one mistake, not two.
    private bool Misspelt(string path) =>
        _all.Any(problem =>
            problem is { Code: "field.unknown", Suggestion: { } suggestion }
            && problem.Path[..(problem.Path.LastIndexOf('/') + 1)] + suggestion == path
        );
}
