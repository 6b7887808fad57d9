using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Training.Tasks;

/// <summary>Nothing: the trial ends as soon as it has begun, and what is left is the cost of having trials.</summary>
public static class Noop
{
    /// <summary>Entry in the catalogue.</summary>
    public static TaskDefinition Definition { get; } =
        new IdleTask(
            new TaskEntry
            {
                Name = "noop",
                Title = "No work",
                Description = "Train nothing and end at once: measures the harness, not a model.",
                Source = "this harness",
                Axis = null,
                Chance = null,
                Parameters = [],
            },
            (_, _) => TrialOutcome.Ok
        );
}
