using Harness.Domain.Catalogue;
using Harness.Domain.Statistics;
using Harness.Domain.Trials;
using Harness.Training.Models;
using static TorchSharp.torch;

namespace Harness.Training.Probes;

/// <summary>How much of the last step's loss reaches earlier steps.</summary>
/// <remarks>
/// Pascanu, Mikolov and Bengio 2013: the gradient on the way back is a product over steps. Measured in float64 on
/// uniform tokens, cross-entropy on the last step only: g(k) = |dL/dh(T-k)| where states are exposed (of the pair (h, c) for the LSTM), |dL/dx(T-k)| for
/// every model. The factor of a step is exp(slope of ln g(k) on k) between lag 5, past the transient of the head, and
/// the lag where g falls below 1e-200 of g(0). For a random network of singular values <c>gain</c> the expected factor
/// is gain * sqrt(E f'(a)^2), taken at the same states.
/// </remarks>
public static class GradientFlow
{
    private const int Sequences = 8;
    private const int FirstLag = 5;
    private const int RatioLag = 50;
    private const double Floor = 1e-200;

    /// <summary>Entry in the catalogue.</summary>
    public static ProbeDefinition Definition { get; } =
        new(
            new ProbeEntry(
                "gradient-flow",
                "Norm of the last loss's gradient by lag, at initialisation and after training, float64.",
                [
                    "gradient_factor",
                    "gradient_factor_predicted",
                    "gradient_factor_trained",
                    "gradient_ratio_50",
                    "gradient_ratio_50_trained",
                ]
            ),
            Measure
        );

    private static void Measure(ProbeContext context)
    {
        using var scope = NewDisposeScope();
        var length = context.Spec.Integer("probe_length");
        var inputs = context
            .Twin.Embed(context.Tokens(Sequences, length))
            .detach()
            .requires_grad_(); // [B, T, D]
        var states = (context.Twin as RecurrentModel)?.Unroll(inputs); // T times h (and c), [B, D] each
        var last = states?[^1][0] ?? context.Twin.Encode(inputs).select(1, length - 1); // [B, D]
        var target = context.Tokens(Sequences, 1).squeeze(1); // [B]
        var loss = nn.functional.cross_entropy(
            context.Twin.Decode(last.unsqueeze(1)).squeeze(1),
            target
        );

        // The loss sees h of the last step alone: nothing else that is carried there has a gradient.
        List<Tensor[]> seen = states is null ? [] : [.. states.SkipLast(1), [last]];
        var gradients = autograd.grad([loss], [inputs, .. seen.SelectMany(state => state)]);
        var byInput = gradients[0].permute(1, 0, 2).reshape(length, -1).norm(1); // [T]
        Write(context, "gradient_x", [.. byInput.data<double>().ToArray().Reverse()]);
        if (states is null)
        {
            return;
        }

        var rest = new Queue<Tensor>(gradients.Skip(1));
        var byState = seen.Select(state =>
                state.Aggregate(
                    0.0,
                    (sum, _) => double.Hypot(sum, rest.Dequeue().norm().item<double>())
                )
            )
            .Reverse()
            .ToArray();
        Write(context, "gradient_h", byState);
        AddFactors(context, byState, [.. states.Select(state => state[0])]);
    }

    private static void Write(ProbeContext context, string name, double[] norms) =>
        context.Events.Write(
            new TrainerProfile(
                context.Name(name),
                "lag",
                [.. Enumerable.Range(0, norms.Length).Select(lag => (double)lag)],
                norms,
                null
            )
        );

    private static void AddFactors(
        ProbeContext context,
        double[] norms,
        IReadOnlyList<Tensor> states
    )
    {
        var lags = Enumerable
            .Range(FirstLag, Math.Max(0, norms.Length - FirstLag - 1))
            .TakeWhile(lag => norms[lag] > Floor * norms[0] && double.IsFinite(norms[lag]))
            .ToList();
        if (lags.Count >= 3)
        {
            context.Metrics[context.Name("gradient_factor")] = Math.Exp(
                LeastSquares
                    .Fit(
                        [.. lags.Select(lag => (double)lag)],
                        [.. lags.Select(lag => Math.Log(norms[lag]))]
                    )!
                    .Slope
            );
            // Training changes the singular values: what is predicted of them holds for the start alone.
            if (context.Twin is Rnn rnn && !context.Trained)
            {
                // The way back from T to T-k passes the slopes at T, …, T-k+1.
                var used = stack(states.Reverse().Take(lags[^1]), 0); // [k, B, D]
                var slope = rnn.Slope(used).square().mean().item<double>();
                context.Metrics["gradient_factor_predicted"] = rnn.Gain * Math.Sqrt(slope);
            }
        }

        if (norms.Length > RatioLag && norms[0] > 0 && double.IsFinite(norms[RatioLag]))
        {
            context.Metrics[context.Name("gradient_ratio_50")] = norms[RatioLag] / norms[0];
        }
    }
}
