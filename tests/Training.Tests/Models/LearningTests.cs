using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training.Tests.Models;

public sealed class LearningTests
{
    public static TheoryData<string> All() => ModelCases.All();

    public static TheoryData<string> Tasks() =>
        [.. TaskCatalog.All.OfType<TrainedTask>().Select(task => task.Entry.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void The_loss_of_a_short_training_falls(string label)
    {
        var losses = Train(Small(label).With("steps", 60)).Curve("train_loss");
        losses.Length.ShouldBe(60);
        losses[^5..].Average().ShouldBeLessThan(0.7 * losses[..5].Average());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_hundred_steps_leave_no_tensor_behind(string label) =>
        Left(Small(label).With("steps", 103)).ShouldBe(Left(Small(label).With("steps", 3)));

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_hundred_batches_leave_no_tensor_behind(string task)
    {
        Needs(task);
        var spec = SomeTrial.Of("rnn", task);
        Left(spec.With("steps", 105)).ShouldBe(Left(spec.With("steps", 5)));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Evaluation_and_probes_leave_as_many_tensors_whatever_their_size(string task)
    {
        Needs(task);
        foreach (var model in Catalogs.Shipped.Models)
        {
            var spec = SomeTrial
                .Of(model.Entry.Name, task)
                .With("steps", 2)
                .With("probes", string.Join(',', model.Entry.Probes));
            Whole(spec.With("probe_length", 40).With("evaluation_sequences", 300))
                .ShouldBe(
                    Whole(spec.With("probe_length", 16).With("evaluation_sequences", 8)),
                    model.Entry.Name
                );
        }

        static long Whole(TrialSpec spec)
        {
            var before = Live;
            Recorded.Run(spec).Result.Outcome.ShouldBe(TrialOutcome.Ok);
            return Live - before;
        }
    }

    [Fact]
    public void The_share_of_clipped_steps_is_that_of_the_steps_that_ran()
    {
        var spec = SomeTrial.Of("gru", "parity");
        Recorded.Run(spec.With("clip", 1e-6)).Result.Metrics["clipped_share"].ShouldBe(1);
        Recorded.Run(spec.With("clip", 1e6)).Result.Metrics["clipped_share"].ShouldBe(0);
        Recorded.Run(spec.With("steps", 0)).Result.Metrics.ShouldNotContainKey("clipped_share");

        var censored = Recorded.Run(spec.With("clip", 1e-6).With("max_trial_time", 1e-9)).Result;
        censored.Outcome.ShouldBe(TrialOutcome.Censored);
        censored.Metrics["clipped_share"].ShouldBe(1);
        censored.Metrics.ShouldNotContainKey("accuracy");
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_a_result_no_better_than_chance()
    {
        var spec = SomeTrial
            .Of("rnn", "parity")
            .With("kernel", "textbook")
            .With("activation", "linear")
            .With("gain", 10.0)
            .With("length", 400)
            .With("data_type", "float32");
        var result = Recorded.Run(spec).Result;
        result.Outcome.ShouldBe(TrialOutcome.Diverged);
        result.Metrics["accuracy"].ShouldBe(0.5);
        result.Metrics["chance"].ShouldBe(0.5);
        result.Metrics.ShouldNotContainKey("loss");
    }

    private static TrialSpec Small(string label) =>
        ModelCases
            .Spec(label)
            .With("lag", 2)
            .With("items", 1)
            .With("symbols", 4)
            .With("learning_rate", 0.01);

    private static long Live =>
        TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    // Tensors alive after the training that were not alive before; a constant few of the optimizer may stay.
    private static long Left(TrialSpec spec)
    {
        var task = ((TrainedTask)Catalogs.Shipped.Find(spec).Task).Build(spec);
        using var model = ModelCases.Build(
            spec,
            vocabulary: task.Vocabulary,
            length: task.MaxLength
        );
        var before = Live;
        Recorded.Of(events => Steps(spec, task, model, events));
        return Live - before;
    }

    private static Recorded Train(TrialSpec spec)
    {
        using var scope = NewDisposeScope();
        var task = ((TrainedTask)Catalogs.Shipped.Find(spec).Task).Build(spec);
        using var model = ModelCases.Build(
            spec,
            vocabulary: task.Vocabulary,
            length: task.MaxLength
        );
        return Recorded.Of(events => Steps(spec, task, model, events));
    }

    private static void Steps(
        TrialSpec spec,
        SequenceTask task,
        SequenceModel model,
        EventWriter events
    )
    {
        new Trainer(spec, task, model, events, new(spec, null, events), null).Run();
        events.Flush();
    }

    private static void Needs(string task)
    {
        if (TaskCatalog.All.First(entry => entry.Entry.Name == task).Entry.DataHash is not null)
        {
            _ = Harness.Training.Tests.Tasks.RealText.Task(SomeTrial.Of("rnn", task));
        }
    }
}
