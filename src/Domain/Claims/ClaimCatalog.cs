namespace Harness.Domain.Claims;

/// <summary>A statement of the essay.</summary>
/// <param name="Id">Id.</param>
/// <param name="Statement">Its words.</param>
public sealed record EssayClaim(string Id, string Statement);

/// <summary>The sixteen statements that the harness is there to measure.</summary>
public static class ClaimCatalog
{
    /// <summary>All of them, in the order of the essay.</summary>
    public static IReadOnlyList<EssayClaim> All { get; } =
    [
        new(
            "processing",
            "an RNN handles one element at a time; a Transformer handles all elements at once"
        ),
        new(
            "long-range",
            "long dependencies: weak for RNNs (gradients vanish), excellent for Transformers (attention links any two elements directly, at any distance)"
        ),
        new("training-speed", "training: slow for RNNs, fast for Transformers"),
        new("parallelism", "parallelisation: limited for RNNs, very high for Transformers"),
        new(
            "scalability",
            "scaling to large data sets and long sequences: limited for RNNs, very high for Transformers; the larger the Transformer, the better it performs"
        ),
        new(
            "memory",
            "memory: low for RNNs, high for Transformers (a weight for every pair of elements is stored)"
        ),
        new("view", "an RNN sees locally, a Transformer globally (receptive field)"),
        new(
            "vanishing",
            "under BPTT the gradient is a product over steps: factors below 1 make it vanish before it reaches the first steps"
        ),
        new(
            "exploding",
            "factors above 1 make it explode: updates grow huge, training is unstable and may diverge"
        ),
        new("remedy", "GRU and LSTM were made to solve both"),
        new(
            "bottleneck",
            "the hidden state has a fixed size, so the longer the sequence, the more is lost"
        ),
        new("recency", "the hidden state is swayed more by recent inputs than by the first ones"),
        new(
            "rnn-linear",
            "an RNN's computation grows linearly with length: twice the length, twice the work"
        ),
        new(
            "attention-cost",
            "self-attention's time is of order n^2 in the length, and it needs more memory"
        ),
        new("heads", "multi-head attention lets heads specialise: some local, some long-range"),
        new("order", "self-attention alone ignores order; positional encoding keeps it"),
    ];

    /// <summary>The claim of that id, or null.</summary>
    public static EssayClaim? Find(string id) => All.FirstOrDefault(claim => claim.Id == id);
}
