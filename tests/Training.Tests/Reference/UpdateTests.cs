using Harness.Training.Tasks;
using Harness.Training.Tests.Models;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Reference;

/// <summary>The training loop against PyTorch: the same batches move every parameter by the same amount.</summary>
public sealed class UpdateTests
{
    private const int Steps = 3;

    // The bias of the keys moves no attention weight: its gradient is rounding noise, and AdamW enlarges that.
    private const double Tolerance = 1e-9;

    private static readonly string[] Optimizers = ["adamw", "sgd"];
    private static readonly string[] Limits = ["0", "0.1"];

    private static readonly Lazy<Task<PyTorch.Answers>> Answers = new(() =>
        PyTorch.AskAsync(Requests())
    );

    public static TheoryData<string> Cases() => [.. Labels()];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Three_steps_of_training_are_those_of_PyTorch(string label)
    {
        var theirs = (await Answers.Value).To(label);
        Difference.Between(Ours(label), theirs, Tolerance).ShouldBeEmpty();
    }

    // A warm-up of two steps: the first has another rate than the others.
    private static IEnumerable<string> Labels() =>
        from model in Catalogs.Shipped.Models
        from optimizer in Optimizers
        from clip in Limits
        select $"{model.Entry.Name} optimizer={optimizer} clip={clip} steps={Steps} warmup_steps=2 "
            + "weight_decay=0.1 learning_rate=0.01";

    private static List<PyTorch.Request> Requests()
    {
        using var scope = NewDisposeScope();
        return [.. Labels().Select(Request)];
    }

    private static PyTorch.Request Request(string label)
    {
        var spec = ModelCases.Spec(label);
        var task = new CopyMemory(spec);
        using var model = ModelCases.Build(
            spec,
            vocabulary: task.Vocabulary,
            length: task.MaxLength
        );
        return new(
            label,
            "training",
            spec,
            task.Vocabulary,
            task.MaxLength,
            [.. Enumerable.Range(0, Steps).Select(Given)],
            PyTorch.Parameters(model)
        );

        PyTorch.GivenBatch Given(int step)
        {
            using var random = RandomKey.At(spec.Seed, RandomKey.Training, step);
            using var batch = task.Draw(random, spec.Integer("batch"));
            return PyTorch.GivenBatch.Of(batch);
        }
    }

    private static Dictionary<string, double[]> Ours(string label)
    {
        using var scope = NewDisposeScope();
        var spec = ModelCases.Spec(label);
        var task = new CopyMemory(spec);
        using var model = ModelCases.Build(
            spec,
            vocabulary: task.Vocabulary,
            length: task.MaxLength
        );
        var before = PyTorch.Parameters(model);
        var recorded = Recorded.Of(events =>
        {
            var trainer = new Trainer(
                spec,
                task,
                model,
                events,
                new(spec, null, events),
                throughput: null
            );
            trainer.Run();
            events.Flush();
            // Each step or none: a limit that is not reached would prove nothing.
            trainer.ClippedShare.ShouldBe(spec.Number("clip") > 0 ? 1 : 0);
        });
        var numbers = PyTorch
            .Parameters(model)
            .ToDictionary(
                pair => $"change of {pair.Key}",
                pair => Less(pair.Value.Values, before[pair.Key].Values)
            );
        numbers["train_loss"] = recorded.Curve("train_loss");
        numbers["gradient_norm"] = recorded.Curve("gradient_norm");
        return numbers;
    }

    private static double[] Less(double[] left, double[] right) =>
        [.. left.Zip(right, (a, b) => a - b)];
}
