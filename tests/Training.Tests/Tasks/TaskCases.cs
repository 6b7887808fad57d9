using Harness.Domain.Trials;
using Harness.Training.Tasks;

namespace Harness.Training.Tests.Tasks;

/// <summary>Every trained task of the catalogue with every choice of its settings: a new task is tested by being listed.</summary>
internal static class TaskCases
{
    public static TheoryData<string> All() =>
        [
            .. TaskCatalog
                .All.OfType<TrainedTask>()
                .SelectMany(task =>
                    task.Entry.Parameters.Where(parameter => parameter.Choices is not null)
                        .Aggregate(
                            new[] { task.Entry.Name }.AsEnumerable(),
                            (labels, parameter) =>
                                labels.SelectMany(label =>
                                    parameter.Choices!.Select(choice =>
                                        $"{label} {parameter.Name}={choice}"
                                    )
                                )
                        )
                ),
        ];

    /// <summary>The trial of a label, e.g. <c>parity supervision=final</c>.</summary>
    public static TrialSpec Spec(string label)
    {
        var words = label.Split(' ');
        return words[1..]
            .Select(word => word.Split('='))
            .Aggregate(SomeTrial.Of("rnn", words[0]), (spec, pair) => spec.With(pair[0], pair[1]));
    }

    public static SequenceTask Build(TrialSpec spec)
    {
        var (_, task) = Catalogs.Shipped.Find(spec);
        return task.Entry.DataHash is null ? ((TrainedTask)task).Build(spec) : RealText.Task(spec);
    }
}
