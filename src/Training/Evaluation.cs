using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training;

/// <summary>Held-out loss and accuracy, by the task's axis and as a whole.</summary>
public static class Evaluation
{
    private sealed class Tally
    {
        public double Loss;
        public long Right;
        public long Scored;
    }

    /// <summary>Evaluates, adds the final metrics and writes the profiles <c>accuracy</c> and <c>loss</c>.</summary>
    public static void Run(
        TrialSpec spec,
        SequenceTask task,
        SequenceModel model,
        string axis,
        SortedDictionary<string, double> metrics,
        EventWriter events
    )
    {
        using var off = no_grad();
        model.eval();
        var tallies = new SortedDictionary<double, Tally>();
        long sequences = 0;
        long perfect = 0;
        var sets = task.Evaluate(
            number => RandomKey.At(spec.Seed, RandomKey.Evaluation, number),
            spec.Integer("evaluation_sequences")
        );
        foreach (var set in sets)
        {
            using var scope = NewDisposeScope();
            using var batch = set.Batch;
            var (right, loss) = Score(model, batch); // [B, T] each; -1 and 0 where nothing is scored
            events.Alive();
            Add(tallies, set, right, loss);
            var (all, without) = Perfect(task, set, right);
            (sequences, perfect) = (sequences + all, perfect + without);
        }

        model.train();
        AddMetrics(task, tallies, metrics);
        if (sequences > 0)
        {
            metrics["exact_match"] = (double)perfect / sequences;
        }

        var at = tallies.Keys.ToList();
        var samples = tallies.Values.Select(tally => tally.Scored).ToList();
        events.Write(
            new TrainerProfile(
                "accuracy",
                axis,
                at,
                [.. tallies.Values.Select(t => (double)t.Right / t.Scored)],
                samples
            )
        );
        events.Write(
            new TrainerProfile(
                "loss",
                axis,
                at,
                [.. tallies.Values.Select(t => t.Loss / t.Scored)],
                samples
            )
        );
    }

    private static (long[,] Right, double[,] Loss) Score(SequenceModel model, Batch batch)
    {
        var (rows, columns) = (batch.Tokens.shape[0], batch.Tokens.shape[1]);
        var logits = model.call(batch.Tokens).reshape(rows * columns, -1); // [B T, V]
        var targets = batch.Targets.reshape(-1); // [B T]
        var scored = targets.ne(Batch.Unscored);
        var right = logits
            .argmax(1)
            .eq(targets)
            .to(ScalarType.Int64)
            .masked_fill(scored.logical_not(), -1);
        var loss = nn.functional.cross_entropy(
            logits,
            targets,
            ignore_index: Batch.Unscored,
            reduction: nn.Reduction.None
        );
        return (
            Grid(right.data<long>().ToArray(), rows, columns),
            Grid(loss.to(ScalarType.Float64).data<double>().ToArray(), rows, columns)
        );
    }

    private static T[,] Grid<T>(T[] values, long rows, long columns)
    {
        var grid = new T[rows, columns];
        for (var index = 0; index < values.Length; index++)
        {
            grid[index / columns, index % columns] = values[index];
        }

        return grid;
    }

    private static void Add(
        SortedDictionary<double, Tally> tallies,
        EvaluationSet set,
        long[,] right,
        double[,] loss
    )
    {
        for (var column = 0; column < right.GetLength(1); column++)
        {
            for (var row = 0; row < right.GetLength(0); row++)
            {
                if (right[row, column] < 0)
                {
                    continue;
                }

                var at = set.At ?? column + 1;
                if (!tallies.TryGetValue(at, out var tally))
                {
                    tallies[at] = tally = new Tally();
                }

                tally.Scored++;
                tally.Right += right[row, column];
                tally.Loss += loss[row, column];
            }
        }
    }

    // Sequences of trained points only, and of a long one only its trained part.
    private static (long Sequences, long Perfect) Perfect(
        SequenceTask task,
        EvaluationSet set,
        long[,] right
    )
    {
        if (set.At is { } at && !task.IsTrained(at))
        {
            return (0, 0);
        }

        var columns = Enumerable
            .Range(0, right.GetLength(1))
            .Where(column => task.IsTrained(set.At ?? column + 1))
            .ToList();
        var perfect = Enumerable
            .Range(0, right.GetLength(0))
            .LongCount(row => columns.TrueForAll(column => right[row, column] != 0));
        return (right.GetLength(0), perfect);
    }

    private static void AddMetrics(
        SequenceTask task,
        SortedDictionary<double, Tally> tallies,
        SortedDictionary<string, double> metrics
    )
    {
        var trained = tallies.Where(pair => task.IsTrained(pair.Key)).ToList();
        double scored = trained.Sum(pair => pair.Value.Scored);
        var accuracy = trained.Sum(pair => pair.Value.Right) / scored;
        var chance = trained.Sum(pair => pair.Value.Scored * task.Chance(pair.Key)) / scored;
        metrics["accuracy"] = accuracy;
        metrics["chance"] = chance;
        metrics["gap"] = (accuracy - chance) / (1 - chance);
        metrics["loss"] = trained.Sum(pair => pair.Value.Loss) / scored;
        if (task is CharLm)
        {
            metrics["bits_per_character"] = metrics["loss"] / Math.Log(2);
        }

        var beyond = tallies
            .Where(pair => !task.IsTrained(pair.Key) && pair.Key > trained[^1].Key)
            .ToList();
        if (beyond.Count > 0)
        {
            metrics["accuracy_beyond"] =
                beyond.Sum(pair => pair.Value.Right)
                / (double)beyond.Sum(pair => pair.Value.Scored);
        }
    }
}
