using Harness.Training.Models;
using Harness.Training.Tests.Tasks;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Models;

/// <summary>What holds for any sequence model, whatever is inside.</summary>
public sealed class EveryModelTests
{
    public static TheoryData<string> All() => ModelCases.All();

    public static TheoryData<string> Causal() => ModelCases.Causal();

    public static TheoryData<string> Fused() => ModelCases.Fused();

    [Theory]
    [MemberData(nameof(All))]
    public void A_model_gives_a_logit_for_every_symbol_at_every_position(string label)
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            using var model = ModelCases.Build(ModelCases.Spec(label), type);
            var logits = model.call(ModelCases.Tokens(3));
            logits.shape.ShouldBe([3, ModelCases.Length, ModelCases.Vocabulary]);
            logits.dtype.ShouldBe(type);
            logits.isfinite().all().item<bool>().ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_changed_token_reaches_earlier_outputs_only_under_a_full_mask(string label)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var full = label.Contains("mask=full", StringComparison.Ordinal);
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            using var model = ModelCases.Build(ModelCases.Spec(label), type);
            var tokens = ModelCases.Tokens(3);
            var before = model.call(tokens);
            for (var at = 1; at < ModelCases.Length; at++)
            {
                var changed = tokens.clone();
                changed[.., at] = (changed[.., at] + 1).remainder(ModelCases.Vocabulary);
                var after = model.call(changed);
                before[.., ..at].equal(after[.., ..at]).all().item<bool>().ShouldBe(!full);
                before[.., at].equal(after[.., at]).all().item<bool>().ShouldBeFalse();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Causal))]
    public void The_next_character_of_a_real_text_changes_no_earlier_output(string label)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var spec = ModelCases.Spec(label, "char-lm").With("length", 24);
        var task = RealText.Task(spec);
        using var random = RandomKey.At(spec.Seed, RandomKey.Training, 0);
        var batch = task.Draw(random, 4);
        batch.Tokens[.., 1..].equal(batch.Targets[.., ..^1]).all().item<bool>().ShouldBeTrue();
        using var model = ModelCases.Build(spec, ScalarType.Float32, task.Vocabulary, 24);
        var before = model.call(batch.Tokens);
        foreach (var at in new[] { 1, 12, 23 })
        {
            var changed = batch.Tokens.clone();
            changed[.., at] = (changed[.., at] + 1).remainder(task.Vocabulary);
            var after = model.call(changed);
            before[.., ..at].equal(after[.., ..at]).all().item<bool>().ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_seed_alone_decides_every_parameter(string label)
    {
        using var scope = NewDisposeScope();
        var spec = ModelCases.Spec(label);
        using var first = ModelCases.Build(spec);
        rand(1000); // disturbs the global generator, from which the library draws what nobody draws again
        using var second = ModelCases.Build(spec);
        using var other = ModelCases.Build(spec with { Seed = 2 });
        Same(first, second).ShouldBeTrue();
        Same(first, other).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_float32_model_starts_as_its_float64_twin(string label)
    {
        using var scope = NewDisposeScope();
        var spec = ModelCases.Spec(label);
        using var twin = ModelCases.Build(spec);
        using var model = ModelCases.Build(spec, ScalarType.Float32);
        foreach (var (exact, rounded) in twin.parameters().Zip(model.parameters()))
        {
            exact.to(ScalarType.Float32).equal(rounded).all().item<bool>().ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_batch_is_its_sequences_one_by_one(string label)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var model = ModelCases.Build(ModelCases.Spec(label));
        var tokens = ModelCases.Tokens(5);
        var together = model.call(tokens);
        for (var row = 0; row < 5; row++)
        {
            Distance(together[row..(row + 1)], model.call(tokens[row..(row + 1)]))
                .ShouldBeLessThan(1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Fused))]
    public void The_fused_kernel_computes_the_textbook_formula_and_its_gradient(string label)
    {
        using var scope = NewDisposeScope();
        var spec = ModelCases.Spec(label);
        var tokens = ModelCases.Tokens(4);
        foreach (
            var (type, tolerance) in new[]
            {
                (ScalarType.Float64, 1e-10),
                (ScalarType.Float32, 1e-4),
            }
        )
        {
            using var fused = ModelCases.Build(spec, type);
            using var textbook = ModelCases.Build(spec.With("kernel", "textbook"), type);
            var (one, other) = (fused.call(tokens), textbook.call(tokens));
            Distance(one, other).ShouldBeLessThan(tolerance);
            one.square().sum().backward();
            other.square().sum().backward();
            foreach (var (left, right) in fused.parameters().Zip(textbook.parameters()))
            {
                var scale = 1 + left.grad!.abs().max().to(ScalarType.Float64).item<double>();
                (Distance(left.grad!, right.grad!) / scale).ShouldBeLessThan(tolerance);
            }
        }
    }

    private static bool Same(SequenceModel left, SequenceModel right) =>
        left.parameters()
            .Zip(right.parameters())
            .All(pair => pair.First.equal(pair.Second).all().item<bool>());

    // Not a number is far from everything: in a comparison it would count as less than any tolerance.
    private static double Distance(Tensor left, Tensor right) =>
        (left - right)
            .to(ScalarType.Float64)
            .abs()
            .nan_to_num(double.PositiveInfinity, double.PositiveInfinity)
            .max()
            .item<double>();
}
