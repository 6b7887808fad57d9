using Harness.Domain;
using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Cli.Commands;

/// <summary>Data files of tasks, as the trainer will find them.</summary>
public static class Corpus
{
    /// <summary>What is missing on this machine, as one sentence a task; empty where nothing is.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<TrialSpec> trials) =>
        [
            .. trials
                .Where(trial => trial.DataHash is not null)
                .Select(trial => trial.Task)
                .Distinct()
                .Select(TrainerCatalogue.Task)
                .Where(task => task?.DataHash is not null && !IsHere(task))
                .Select(task =>
                    $"The data of task {task!.Name} are not on this machine: run `{task.DataSetup}`, or set HARNESS_DATA to their folder."
                ),
        ];

    /// <summary>Throws where something is missing.</summary>
    public static void Require(IReadOnlyList<TrialSpec> trials)
    {
        if (Missing(trials) is [var first, ..])
        {
            throw new HarnessException(first);
        }
    }

    /// <summary>Whether the task's file is here, and is the catalogued one.</summary>
    public static bool IsHere(TaskEntry task) => TaskData.Hash(task.DataFile!) == task.DataHash;
}
