using Harness.Training.Models;
using static Harness.Training.Tests.Models.Plain;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Models;

/// <summary>The Transformer and its positions against their formulas, computed by hand in arrays of double.</summary>
public sealed class AttentionTests
{
    private const int Width = 8;
    private const int Heads = 2;
    private const int HeadWidth = Width / Heads;

    public static TheoryData<string, string, string> Settings()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var kernel in new[] { "fused", "textbook" })
        {
            foreach (var positions in new[] { "none", "sinusoidal", "learned", "rotary" })
            {
                rows.Add(kernel, positions, "causal");
                rows.Add(kernel, positions, "full");
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_transformer_is_its_formula(string kernel, string positions, string mask)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var model = ModelCases.Build(
            ModelCases
                .Spec($"transformer kernel={kernel} positions={positions} mask={mask}")
                .With("width", Width)
                .With("heads", Heads)
        );
        var plain = new Plain(model);
        var tokens = ModelCases.Tokens(1);
        var logits = model.call(tokens);

        var xs = Enumerable
            .Range(0, ModelCases.Length)
            .Select(t =>
                Add(
                    plain.Row("_embed.weight", tokens[0, t].item<long>()),
                    positions switch
                    {
                        "sinusoidal" => Sinusoid(t, Width),
                        "learned" => plain.Row("_learned", t),
                        _ => new double[Width],
                    }
                )
            )
            .ToArray();
        for (var layer = 0; layer < 2; layer++)
        {
            xs = Block(plain, $"_blocks.{layer}", xs, mask == "causal", positions == "rotary");
        }

        for (var t = 0; t < xs.Length; t++)
        {
            var expected = plain.Linear(
                "_head.weight",
                "_head.bias",
                plain.LayerNorm("_norm", xs[t])
            );
            for (var symbol = 0; symbol < expected.Length; symbol++)
            {
                logits[0, t, symbol].item<double>().ShouldBe(expected[symbol], 1e-10);
            }
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Sinusoidal_positions_are_sines_and_cosines_of_falling_frequency(int width)
    {
        using var scope = NewDisposeScope();
        var encoded = Positions.Sinusoidal(50, width, ScalarType.Float64);
        encoded.shape.ShouldBe([50, width]);
        for (var t = 0; t < 50; t++)
        {
            encoded[t].data<double>().ToArray().ShouldBe(Sinusoid(t, width), 1e-12);
        }
    }

    [Fact]
    public void Rotary_positions_leave_only_the_distance_in_a_product()
    {
        using var scope = NewDisposeScope();
        using var random = RandomKey.At(1, RandomKey.Probe, 0);
        var (query, key) = (
            rand([1, 1, 1, HeadWidth], ScalarType.Float64, generator: random),
            rand([1, 1, 1, HeadWidth], ScalarType.Float64, generator: random)
        );
        var queries = Positions.Rotate(query.expand(1, 1, 20, HeadWidth))[0, 0];
        var keys = Positions.Rotate(key.expand(1, 1, 20, HeadWidth))[0, 0];
        double Product(int from, int to) => queries[from].dot(keys[to]).item<double>();

        Product(9, 4).ShouldBe(Product(17, 12), 1e-12);
        Math.Abs(Product(9, 4) - Product(9, 5)).ShouldBeGreaterThan(1e-3);
        Product(3, 3).ShouldBe(query.flatten().dot(key.flatten()).item<double>(), 1e-12);
    }

    // Pre-norm attention and feed-forward, each added to its input.
    private static double[][] Block(
        Plain plain,
        string name,
        double[][] xs,
        bool causal,
        bool rotary
    )
    {
        var parts = xs.Select(x =>
                plain.Linear(
                    $"{name}._queryKeyValue.weight",
                    $"{name}._queryKeyValue.bias",
                    plain.LayerNorm($"{name}._normAttention", x)
                )
            )
            .ToArray();
        double[] Part(int t, int part, int head) =>
            parts[t][(part * Width + head * HeadWidth)..(part * Width + (head + 1) * HeadWidth)];
        double[] Placed(int t, int part, int head) =>
            rotary ? Rotated(Part(t, part, head), t) : Part(t, part, head);

        return
        [
            .. xs.Select(
                (x, t) =>
                {
                    var mixed = new double[Width];
                    for (var head = 0; head < Heads; head++)
                    {
                        // softmax(Q K^T / sqrt(d)) V
                        var seen = causal ? t + 1 : xs.Length;
                        var weights = Enumerable
                            .Range(0, seen)
                            .Select(s =>
                                Math.Exp(
                                    Dot(Placed(t, 0, head), Placed(s, 1, head))
                                        / Math.Sqrt(HeadWidth)
                                )
                            )
                            .ToArray();
                        for (var s = 0; s < seen; s++)
                        {
                            for (var i = 0; i < HeadWidth; i++)
                            {
                                mixed[head * HeadWidth + i] +=
                                    weights[s] / weights.Sum() * Part(s, 2, head)[i];
                            }
                        }
                    }

                    var attended = Add(
                        x,
                        plain.Linear($"{name}._output.weight", $"{name}._output.bias", mixed)
                    );
                    var up = plain.Linear(
                        $"{name}._up.weight",
                        $"{name}._up.bias",
                        plain.LayerNorm($"{name}._normFeed", attended)
                    );
                    return Add(
                        attended,
                        plain.Linear(
                            $"{name}._down.weight",
                            $"{name}._down.bias",
                            [.. up.Select(Gelu)]
                        )
                    );
                }
            ),
        ];
    }

    // Vaswani et al. 2017, section 3.5.
    private static double[] Sinusoid(int t, int width) =>
        [
            .. Enumerable
                .Range(0, width)
                .Select(i =>
                {
                    var angle = t / Math.Pow(10_000, (i - i % 2) / (double)width);
                    return i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
                }),
        ];

    // Su et al. 2021, eq. 34.
    private static double[] Rotated(double[] x, int t)
    {
        var turned = new double[x.Length];
        for (var i = 0; i < x.Length; i += 2)
        {
            var angle = t * Math.Pow(10_000, -i / (double)x.Length);
            turned[i] = x[i] * Math.Cos(angle) - x[i + 1] * Math.Sin(angle);
            turned[i + 1] = x[i + 1] * Math.Cos(angle) + x[i] * Math.Sin(angle);
        }

        return turned;
    }
}
