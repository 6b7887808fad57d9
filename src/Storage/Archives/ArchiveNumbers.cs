using System.Text.Json.Nodes;

namespace Harness.Storage.Archives;

/// <summary>Numbers of an archive and what they are here.</summary>
internal sealed class ArchiveNumbers
{
    // Columns that hold them, whatever the table.
    private static readonly string[] Tokens = ["token", "ancestor", "parent"];

    private readonly Dictionary<long, long> _trials = [];
    private readonly Dictionary<long, long> _tokens = [];

    /// <summary>The sweep here.</summary>
    public long Sweep { get; set; }

    /// <summary>Trials that were here already: nothing of them is written.</summary>
    public HashSet<long> Shared { get; } = [];

    /// <summary>Trials that are read back, by their number here.</summary>
    public IEnumerable<long> Trials => _trials.Values.Except(Shared);

    /// <summary>A trial is another number here.</summary>
    public void Trial(long archived, long here) => _trials[archived] = here;

    /// <summary>A token is another number here.</summary>
    public void Token(long archived, long here) => _tokens[archived] = here;

    /// <summary>The row with the numbers of here; null: it is of a trial that was here already.</summary>
    public JsonObject? Of(JsonObject row)
    {
        foreach (var name in Tokens)
        {
            if (row[name] is { } token)
            {
                row[name] = _tokens.GetValueOrDefault((long)token, (long)token);
            }
        }

        if (row["sweep"] is not null)
        {
            row["sweep"] = Sweep;
        }

        foreach (var name in (string[])["trial", "again"])
        {
            if (row[name] is { } trial)
            {
                row[name] = _trials[(long)trial];
            }
        }

        // What a sweep says of a trial is written whoever has the trial.
        return row["trial"] is { } own && row["position"] is null && Shared.Contains((long)own)
            ? null
            : row;
    }
}
