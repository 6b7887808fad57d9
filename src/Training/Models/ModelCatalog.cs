namespace Harness.Training.Models;

/// <summary>Every sequence model that a trial may name.</summary>
public static class ModelCatalog
{
    /// <summary>One line a model.</summary>
    public static IReadOnlyList<ModelDefinition> All { get; } =
    [Rnn.Definition, Lstm.Definition, Gru.Definition, Transformer.Definition];
}
