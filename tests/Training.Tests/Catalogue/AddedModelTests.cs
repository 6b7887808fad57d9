using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Tasks;

namespace Harness.Training.Tests.Catalogue;

/// <summary>A model is added by one file (<see cref="RunningMean"/>) and one line of a list, and everything knows it.</summary>
public sealed class AddedModelTests
{
    private static readonly Catalogs WithOneMore = Catalogs.Shipped with
    {
        Models = [.. ModelCatalog.All, RunningMean.Definition],
    };

    public static TheoryData<string> Tasks() =>
        [.. TaskCatalog.All.OfType<TrainedTask>().Select(task => task.Entry.Name)];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void It_trains_on_every_task_through_the_whole_path_of_a_trial(string task)
    {
        if (TaskCatalog.All.First(entry => entry.Entry.Name == task).Entry.DataHash is not null)
        {
            _ = Training.Tests.Tasks.RealText.Task(SomeTrial.Of("rnn", task));
        }

        var spec = SomeTrial
            .Of("running-mean", task, WithOneMore)
            .With("steps", 40)
            .With("learning_rate", 0.01)
            .With("probes", "gradient-flow,memory,permutation,throughput");
        var recorded = Recorded.Run(spec, WithOneMore);

        recorded.Events.OfType<TrainerStarted>().Single().Steps.ShouldBe(40);
        var losses = recorded.Curve("train_loss");
        losses.Length.ShouldBe(40);
        losses[^5..].Average().ShouldBeLessThan(losses[..5].Average());
        recorded.Profile("accuracy").At.ShouldNotBeEmpty();
        recorded.Profile("gradient_x").Values.Count.ShouldBe(128);
        recorded.Result.Outcome.ShouldBe(TrialOutcome.Ok);
        recorded.Result.ParameterHash.ShouldNotBeNull().Length.ShouldBe(64);
        recorded.Result.Metrics["state_bytes"].ShouldBe(16 * 8);
    }

    [Fact]
    public void It_stands_in_the_generated_catalogue_with_its_settings()
    {
        var text = JsonSerializer.Serialize(WithOneMore.File, ReadableJson.Options);
        var read = JsonSerializer.Deserialize(text, DomainJson.Default.CatalogueFile)!;
        read.Models.Select(model => model.Name)
            .ShouldBe(["rnn", "lstm", "gru", "transformer", "running-mean"]);
        var parameter = read.Models[^1].Parameters.ShouldHaveSingleItem();
        parameter.Name.ShouldBe("scale");
        parameter.Default!.Value.Number.ShouldBe(2);
    }

    [Fact]
    public void The_shipped_trainer_names_the_models_that_it_has_instead() =>
        Should
            .Throw<HarnessException>(() =>
                Recorded.Run(SomeTrial.Of("running-mean", "parity", WithOneMore))
            )
            .Message.ShouldBe(
                "This trainer has no model 'running-mean': it has rnn, lstm, gru, transformer."
            );
}
