using Harness.Domain.Trials;
using Harness.Training.Checkpoints;
using Harness.Training.Measure;
using Harness.Training.Models;
using Harness.Training.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Training;

/// <summary>The training loop.</summary>
public sealed class Trainer(
    TrialSpec spec,
    SequenceTask task,
    SequenceModel model,
    EventWriter events,
    CheckpointKeeper checkpoints,
    Throughput? throughput
)
{
    private readonly int _steps = spec.Integer("steps");
    private readonly int _batch = spec.Integer("batch");
    private readonly double _clip = spec.Number("clip");
    private TrainingState _state = new();

    /// <summary>Steps that were done when this process began; null where it began at the first.</summary>
    public int? ResumedStep { get; private set; }

    /// <summary>CPU seconds from the process's start to the end of the first step.</summary>
    public double? FirstStepCpuSeconds { get; private set; }

    /// <summary>Share of the steps whose gradient was clipped; null before the first.</summary>
    public double? ClippedShare => _state.Step == 0 ? null : _state.Clipped / (double)_state.Step;

    /// <summary>Keeps the native heap from growing without end.</summary>
    public HeapGuard Heap { get; } = new();

    /// <summary>
    /// Mean training loss of the last tenth of the steps less that of the tenth before it, in nats; about 0 on a plateau.
    /// Null where a tenth is no step.
    /// </summary>
    public double? LossDrift
    {
        get
        {
            var losses = _state.Losses;
            var tenth = losses.Count / 10;
            return tenth == 0
                ? null
                : losses.TakeLast(tenth).Average()
                    - losses.SkipLast(tenth).TakeLast(tenth).Average();
        }
    }

    /// <summary>Trains to the budget, or to the step where the loss is no longer finite or the time is up.</summary>
    public TrialOutcome Run()
    {
        using var optimizer = Optimizer();
        _state = checkpoints.Begin(model, optimizer);
        ResumedStep = checkpoints.Resumes ? _state.Step : null;
        using var hold = checkpoints.Hold();
        var cap = spec.Number("max_trial_time");
        var begin = ProcessClock.Wall - _state.SecondsBefore;
        for (var step = _state.Step; step < _steps; step++)
        {
            SetRate(optimizer, step);
            using var random = RandomKey.At(spec.Seed, RandomKey.Training, step);
            using var batch = task.Draw(random, _batch);
            var (loss, norm, scored) = Step(optimizer, batch);

            FirstStepCpuSeconds ??= ProcessClock.Cpu;
            throughput?.Step(step + 1, batch.Tokens.numel(), scored);
            _state.Clipped += _clip > 0 && norm > _clip ? 1 : 0;
            _state.Losses.Add(loss);
            events.Point("train_loss", step, loss);
            events.Point("gradient_norm", step, norm);
            events.Progress(step + 1, _steps);
            Heap.Step(step);
            if (!double.IsFinite(loss))
            {
                return TrialOutcome.Diverged;
            }

            if (cap > 0 && ProcessClock.Wall - begin > cap && step + 1 < _steps)
            {
                return TrialOutcome.Censored;
            }

            if (checkpoints.Step(_state, ProcessClock.Wall - begin, model, optimizer))
            {
                throughput?.Skip();
            }
        }

        return TrialOutcome.Ok;
    }

    private (double Loss, double Norm, long Scored) Step(optim.Optimizer optimizer, Batch batch)
    {
        using var scope = NewDisposeScope(); // frees every intermediate tensor of the step
        optimizer.zero_grad();
        var loss = Loss(model, batch);
        loss.backward();
        // An infinite limit clips nothing and still measures the norm.
        var norm = nn.utils.clip_grad_norm_(
            model.parameters(),
            _clip > 0 ? _clip : double.PositiveInfinity
        );
        optimizer.step();
        return (
            loss.to(ScalarType.Float64).item<double>(),
            norm,
            batch.Targets.ne(Batch.Unscored).sum().item<long>()
        );
    }

    /// <summary>Mean cross-entropy over the scored positions.</summary>
    public static Tensor Loss(SequenceModel model, Batch batch)
    {
        var logits = model.call(batch.Tokens); // [B, T, V]
        return nn.functional.cross_entropy(
            logits.flatten(0, 1),
            batch.Targets.flatten(),
            ignore_index: Batch.Unscored
        );
    }

    private OptimizerHelper Optimizer() =>
        spec.Text("optimizer") == "sgd"
            ? optim.SGD(
                model.parameters(),
                spec.Number("learning_rate"),
                weight_decay: spec.Number("weight_decay")
            )
            : optim.AdamW(
                model.parameters(),
                spec.Number("learning_rate"),
                weight_decay: spec.Number("weight_decay")
            );

    // A pure function of the step: a resumed trial needs no scheduler's state.
    private void SetRate(optim.Optimizer optimizer, int step)
    {
        var rate =
            spec.Number("learning_rate")
            * Math.Min(1.0, (step + 1.0) / Math.Max(1, spec.Integer("warmup_steps")));
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }
    }
}
