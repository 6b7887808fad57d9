using Harness.Domain.Catalogue;

namespace Harness.Dashboard.Charts;

/// <summary>A model keeps its hue on every page: recurrent models warm, attention cool.</summary>
public static class Hues
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["rnn"] = "h-rnn",
        ["lstm"] = "h-lstm",
        ["gru"] = "h-gru",
        ["transformer"] = "h-attn",
    };

    /// <summary>Class of a model's hue; a model without one of its own takes one of its family.</summary>
    public static string Of(string model) =>
        Known.TryGetValue(model, out var hue) ? hue
        : TrainerCatalogue.Model(model) is { } entry
            ? entry.Family == ModelFamily.Recurrent ? "h-lstm"
                : "h-fused"
        : "h-ink";
}
