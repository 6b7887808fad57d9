using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training.Models;

/// <summary>Multi-head self-attention and a feed-forward network, each behind a norm, each added to its input.</summary>
/// <remarks>
/// Vaswani et al. 2017, eq. 1 and section 3.2.2: softmax(Q K^T / sqrt(d_k)) V, heads side by side. Norms stand before
/// (Xiong et al. 2020, "pre-LN"), which trains without a long warm-up. Axes: B batch, T time, D width, H heads.
/// </remarks>
public sealed class AttentionBlock : nn.Module<Tensor, Tensor>
{
    private const int FeedForwardFactor = 4; // as in the paper: 2048 / 512

    private readonly LayerNorm _normAttention;
    private readonly Linear _queryKeyValue;
    private readonly Linear _output;
    private readonly LayerNorm _normFeed;
    private readonly Linear _up;
    private readonly Linear _down;
    private readonly int _heads;
    private readonly bool _textbook;
    private readonly bool _causal;
    private readonly bool _rotary;

    /// <summary>Builds the block.</summary>
    public AttentionBlock(ModelShape shape)
        : base(nameof(AttentionBlock))
    {
        var width = shape.Width;
        _heads = shape.Spec.Integer("heads");
        _textbook = shape.Spec.Text("kernel") == "textbook";
        _causal = shape.Spec.Text("mask") == "causal";
        _rotary = shape.Spec.Text("positions") == "rotary";
        _normAttention = nn.LayerNorm(width, dtype: shape.Type);
        _queryKeyValue = nn.Linear(width, 3 * width, dtype: shape.Type);
        _output = nn.Linear(width, width, dtype: shape.Type);
        _normFeed = nn.LayerNorm(width, dtype: shape.Type);
        _up = nn.Linear(width, FeedForwardFactor * width, dtype: shape.Type);
        _down = nn.Linear(FeedForwardFactor * width, width, dtype: shape.Type);
        RegisterComponents();
    }

    /// <summary>One block.</summary>
    /// <param name="input">[B, T, D].</param>
    /// <returns>[B, T, D].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var attended = input + _output.call(Attend(_normAttention.call(input)));
        var fed = attended + _down.call(nn.functional.gelu(_up.call(_normFeed.call(attended))));
        return fed.MoveToOuterDisposeScope();
    }

    /// <summary>Draws every parameter again; norms start as identity.</summary>
    public void Initialise(Generator random)
    {
        foreach (var layer in new[] { _queryKeyValue, _output, _up, _down })
        {
            Initial.Linear(layer, random);
        }
    }

    private Tensor Attend(Tensor input)
    {
        var (batch, length, width) = (input.shape[0], input.shape[1], input.shape[2]);
        var parts = _queryKeyValue
            .call(input)
            .reshape(batch, length, 3, _heads, width / _heads)
            .permute(2, 0, 3, 1, 4)
            .unbind(0); // Q, K, V: [B, H, T, D/H]
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        if (_rotary)
        {
            (query, key) = (Positions.Rotate(query), Positions.Rotate(key));
        }

        var mixed = _textbook
            ? Textbook(query, key, value)
            : nn.functional.scaled_dot_product_attention(query, key, value, is_casual: _causal);
        return mixed.transpose(1, 2).reshape(batch, length, width); // [B, T, D]
    }

    private Tensor Textbook(Tensor query, Tensor key, Tensor value)
    {
        var scores = query.matmul(key.transpose(-2, -1)).div(Math.Sqrt(query.shape[^1])); // [B, H, T, T]
        if (_causal)
        {
            var length = query.shape[2];
            var future = ones(length, length, dtype: ScalarType.Bool).triu(1); // [T, T]
            scores = scores.masked_fill(future, double.NegativeInfinity);
        }

        return scores.softmax(-1).matmul(value); // [B, H, T, D/H]
    }
}
