namespace Harness.Domain.Sweeps;

/// <summary>The nearest spelling among known words.</summary>
public static class Nearest
{
    // Other tools' words for ours: no spelling is near, and the person is sure to be right.
    private static readonly Dictionary<string, string> Elsewhere = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["lr"] = "learning_rate",
        ["hidden"] = "width",
        ["hidden_size"] = "width",
        ["hidden_dim"] = "width",
        ["d_model"] = "width",
        ["num_layers"] = "layers",
        ["n_layers"] = "layers",
        ["num_heads"] = "heads",
        ["n_heads"] = "heads",
        ["nhead"] = "heads",
        ["batch_size"] = "batch",
        ["seq_len"] = "length",
        ["epochs"] = "steps",
        ["iterations"] = "steps",
        ["dtype"] = "data_type",
        ["positional"] = "positions",
        ["grid"] = "parameters",
        ["axes"] = "parameters",
        ["zip"] = "list",
    };

    /// <summary>The closest word, or null when none is close: two letters in five may differ.</summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        if (Ours(word) is var ours && ours != word && known.Contains(ours))
        {
            return ours;
        }

        var best = known
            .Select(candidate => (candidate, distance: Distance(word, candidate)))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault((candidate: "", distance: int.MaxValue));
        var longest = Math.Max(word.Length, best.candidate.Length);
        return best.distance <= 2 * (longest + 1) / 5 ? best.candidate : null;
    }

    /// <summary>Our word for another tool's, else the word itself.</summary>
    public static string Ours(string word) => Elsewhere.GetValueOrDefault(word, word);

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.</summary>
    /// <remarks>Damerau 1964, restricted form; long words are cut, since no known word is that long.</remarks>
    public static int Distance(string from, string to)
    {
        from = from.Length > 64 ? from[..64] : from;
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                rows[i, j] =
                    i == 0 ? j
                    : j == 0 ? i
                    : Step(i, j);
            }
        }

        return rows[from.Length, to.Length];

        int Step(int i, int j)
        {
            var replace = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            var best = Math.Min(replace, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
            var swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            return swapped ? Math.Min(best, rows[i - 2, j - 2] + 1) : best;
        }
    }
}
