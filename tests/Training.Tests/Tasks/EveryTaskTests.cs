using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Tasks;

/// <summary>What holds for any sequence task, whatever it asks.</summary>
public sealed class EveryTaskTests
{
    private const int Size = 16;

    public static TheoryData<string> All() => TaskCases.All();

    [Theory]
    [MemberData(nameof(All))]
    public void The_key_alone_decides_a_batch(string label)
    {
        using var scope = NewDisposeScope();
        var task = TaskCases.Build(TaskCases.Spec(label));
        var first = Draw(task, RandomKey.Training, 3);
        rand(1000); // disturbs the global generator
        Same(first, Draw(task, RandomKey.Training, 3)).ShouldBeTrue();
        Same(first, Draw(task, RandomKey.Training, 4)).ShouldBeFalse();
        Same(first, Draw(task, RandomKey.Training, 3, seed: 2)).ShouldBeFalse();
        Same(first, Draw(task, RandomKey.Evaluation, 3)).ShouldBeFalse();

        var held = Held(task, Size);
        rand(1000);
        held.Zip(Held(task, Size)).ShouldAllBe(pair => Same(pair.First.Batch, pair.Second.Batch));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_sequence_has_scored_positions_and_only_symbols(string label)
    {
        using var scope = NewDisposeScope();
        var task = TaskCases.Build(TaskCases.Spec(label));
        for (var step = 0; step < 20; step++)
        {
            Check(Draw(task, RandomKey.Training, step), task.TrainingLength);
        }

        using var random = RandomKey.At(1, RandomKey.Probe, 2);
        var longest = task.DrawLongest(random, Size);
        longest.Tokens.shape.ShouldBe([Size, task.TrainingLength]);
        foreach (var set in Held(task, Size))
        {
            Check(set.Batch, task.MaxLength);
        }

        void Check(Batch batch, int limit)
        {
            batch.Tokens.shape.ShouldBe(batch.Targets.shape);
            batch.Tokens.shape[1].ShouldBeLessThanOrEqualTo(limit);
            Within(batch.Tokens, 0, task.Vocabulary).ShouldBeTrue();
            var scored = batch.Targets.ne(Batch.Unscored);
            scored.any(1).all().item<bool>().ShouldBeTrue();
            Within(batch.Targets.masked_select(scored), 0, task.Vocabulary).ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_oracle_scores_one_everywhere(string label)
    {
        using var scope = NewDisposeScope();
        var spec = TaskCases.Spec(label);
        var task = TaskCases.Build(spec);
        var answers = new Queue<Tensor>(Held(task, Size).Select(set => set.Batch.Targets));
        using var oracle = new Answers(_ =>
            nn.functional.one_hot(answers.Dequeue().clamp(0), task.Vocabulary).mul(100.0)
        );
        var (metrics, recorded) = Evaluate(spec, task, oracle);
        answers.ShouldBeEmpty();
        metrics["accuracy"].ShouldBe(1);
        metrics["exact_match"].ShouldBe(1);
        metrics["gap"].ShouldBe(1);
        metrics["loss"].ShouldBeInRange(0, 1e-10); // NaN would be less, too
        recorded.Profile("accuracy").Values.ShouldAllBe(value => value == 1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void One_wrong_answer_in_a_sequence_spoils_its_exact_match(string label)
    {
        using var scope = NewDisposeScope();
        var spec = TaskCases.Spec(label);
        var task = TaskCases.Build(spec);
        var answers = new Queue<Tensor>(
            Held(task, Size)
                .Select(set =>
                {
                    // In the first sequence of each set the first scored position is answered wrongly.
                    var wrong = set.Batch.Targets.clone();
                    var at = wrong[0].ne(Batch.Unscored).to(ScalarType.Int64).argmax();
                    wrong[0, at] = (wrong[0, at] + 1).remainder(task.Vocabulary);
                    return wrong;
                })
        );
        using var model = new Answers(_ =>
            nn.functional.one_hot(answers.Dequeue().clamp(0), task.Vocabulary).mul(100.0)
        );
        var (metrics, _) = Evaluate(spec, task, model);
        metrics["exact_match"].ShouldBe((Size - 1.0) / Size, 1e-12);
        metrics["accuracy"].ShouldBeLessThan(1);
        metrics["accuracy"].ShouldBeGreaterThan(0.9);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_best_guess_that_ignores_order_scores_chance(string label)
    {
        using var scope = NewDisposeScope();
        var spec = TaskCases.Spec(label).With("evaluation_sequences", 2000);
        var task = TaskCases.Build(spec);
        var counts = zeros(task.Vocabulary, ScalarType.Int64);
        foreach (var set in Held(task, 200, seed: 2))
        {
            var targets = set.Batch.Targets;
            counts += bincount(
                targets.masked_select(targets.ne(Batch.Unscored)),
                minlength: task.Vocabulary
            );
        }

        // The most frequent target of other held-out sequences, whatever the sequence.
        var favourite = nn
            .functional.one_hot(counts.argmax(), task.Vocabulary)
            .to(ScalarType.Float64);
        using var guess = new Answers(tokens =>
            favourite.expand(tokens.shape[0], tokens.shape[1], task.Vocabulary)
        );
        var (metrics, recorded) = Evaluate(spec, task, guess);
        var samples = recorded.Profile("accuracy").Samples!.Min();
        var error = Math.Sqrt(metrics["chance"] * (1 - metrics["chance"]) / samples);
        metrics["accuracy"].ShouldBe(metrics["chance"], 4 * error);
        metrics["gap"].ShouldBe(0, 4 * error / (1 - metrics["chance"]));
    }

    private static (SortedDictionary<string, double> Metrics, Recorded Recorded) Evaluate(
        TrialSpec spec,
        SequenceTask task,
        SequenceModel model
    )
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var axis = Catalogs.Shipped.Find(spec).Task.Entry.Axis!;
        return (
            metrics,
            Recorded.Of(events => Evaluation.Run(spec, task, model, axis, metrics, events))
        );
    }

    private static Batch Draw(SequenceTask task, string stream, long step, long seed = 1)
    {
        using var random = RandomKey.At(seed, stream, step);
        return task.Draw(random, Size);
    }

    // The very sets that a trial of seed 1 is evaluated on.
    private static List<EvaluationSet> Held(SequenceTask task, int sequences, long seed = 1) =>
        [.. task.Evaluate(number => RandomKey.At(seed, RandomKey.Evaluation, number), sequences)];

    private static bool Same(Batch left, Batch right) =>
        left.Tokens.shape.SequenceEqual(right.Tokens.shape)
        && left.Tokens.equal(right.Tokens).all().item<bool>()
        && left.Targets.equal(right.Targets).all().item<bool>();

    private static bool Within(Tensor values, long from, long below) =>
        values.ge(from).logical_and(values.lt(below)).all().item<bool>();

    /// <summary>Logits that somebody else knows.</summary>
    private sealed class Answers(Func<Tensor, Tensor> logits) : SequenceModel(nameof(Answers))
    {
        public override Tensor Embed(Tensor tokens) => tokens;

        public override Tensor Encode(Tensor inputs) => inputs;

        public override Tensor Decode(Tensor states) => logits(states);

        public override void Initialise(Generator random) { }

        public override long StateBytes(int length) => 0;
    }
}
