using System.Security.Cryptography;
using Harness.Domain.Trials;
using Harness.Training.Checkpoints;
using Harness.Training.Measure;
using Harness.Training.Models;
using Harness.Training.Probes;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training;

/// <summary>One trial from its spec to its result: the way of a trial, top to bottom.</summary>
/// <param name="spec">The trial.</param>
/// <param name="catalogs">What may be trained.</param>
/// <param name="events">Where events go.</param>
/// <param name="checkpoints">Where its checkpoints go; null: none is kept.</param>
public sealed class TrainingRun(
    TrialSpec spec,
    Catalogs catalogs,
    EventWriter events,
    CheckpointFiles? checkpoints = null
)
{
    private const double ContendedRatio = 0.8; // CPU over wall of the windows
    private const double ContendedChange = 0.1; // between the two calibrations

    private readonly CheckpointKeeper _keeper = new(spec, checkpoints, events);
    private readonly SortedDictionary<string, double> _metrics = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _probes = spec.Probes();
    private readonly (ModelDefinition Model, TaskDefinition Task) _definitions = catalogs.Find(
        spec
    );

    private TrainedTask Task => (TrainedTask)_definitions.Task;

    // Those that look at the model itself; the loop measures the others.
    private readonly IReadOnlyList<ProbeDefinition> _looks =
    [
        .. catalogs.Probes.Where(probe =>
            probe.Measure is not null && spec.Probes().Contains(probe.Entry.Name)
        ),
    ];

    /// <summary>Trains, measures, and writes events; the last one is the result.</summary>
    public void Run()
    {
        if (_definitions.Task is IdleTask waiting)
        {
            waiting.Run(spec, events);
            return;
        }

        var task = Task.Build(spec);
        var type = spec.Text("data_type") == "float64" ? ScalarType.Float64 : ScalarType.Float32;
        var idle = Measures("memory") ? Idle(task, type) : 0;
        using var model = Build(task, type);
        var parameters = model.parameters().Sum(parameter => parameter.numel());
        events.Write(new TrainerStarted(parameters, spec.Integer("steps")));
        if (Measures("memory"))
        {
            _metrics["activation_bytes"] = ActivationBytes(task, model);
            _metrics["state_bytes"] = model.StateBytes(task.MaxLength);
        }

        var before = Measures("throughput") ? Calibration.Run() : (double?)null;
        var throughput = before is null ? null : new Throughput();
        var trainer = new Trainer(spec, task, model, events, _keeper, throughput);
        ProcessMemory.ResetHighWater();
        var outcome = trainer.Run();
        if (Measures("memory"))
        {
            // Read at once: evaluation and probes are larger than a step, and no part of what training needs.
            _metrics["peak_memory_bytes"] = Math.Max(0, ProcessMemory.HighWater - idle);
        }

        if (trainer.Heap.LoweredAt is { } lowered)
        {
            _metrics["heap_lowered_step"] = lowered;
        }

        if (trainer.ResumedStep is { } resumed)
        {
            _metrics["resumed_step"] = resumed;
        }

        if (trainer.LossDrift is { } drift && outcome == TrialOutcome.Ok)
        {
            _metrics["loss_drift"] = drift;
        }

        events.Flush();
        var contended = AddTimes(throughput, before, trainer);
        Look(task, model, outcome);
        if (!_keeper.Resumes)
        {
            _metrics["cpu_seconds"] = ProcessClock.Cpu;
            _metrics["wall_seconds"] = ProcessClock.Wall;
        }

        events.Write(new TrainerResult(outcome, _metrics, parameters, Hash(model), contended));
    }

    // Of a training that went on from a checkpoint the curves count; its times and memory are a part of the whole's.
    private bool Measures(string probe) => _probes.Contains(probe) && !_keeper.Resumes;

    // What the training gave: accuracy of a whole run, chance of one that diverged, the probes at both ends.
    private void Look(SequenceTask task, SequenceModel model, TrialOutcome outcome)
    {
        Probe(task, model, trained: false);
        if (outcome == TrialOutcome.Ok)
        {
            TrainerTrace.Span(
                "evaluate",
                () => Evaluation.Run(spec, task, model, Task.Entry.Axis!, _metrics, events)
            );
            if (spec.Integer("steps") > 0)
            {
                Probe(task, model, trained: true);
            }
        }
        else if (outcome == TrialOutcome.Diverged)
        {
            AddChance(task);
        }
    }

    private SequenceModel Build(SequenceTask task, ScalarType type)
    {
        // Rows of learned positions that nothing reaches would count as parameters.
        var length =
            _looks.Count > 0
                ? Math.Max(task.MaxLength, spec.Integer("probe_length"))
                : task.MaxLength;
        var model = _definitions.Model.Build(new ModelShape(task.Vocabulary, length, spec, type));
        using var random = RandomKey.At(spec.Seed, RandomKey.Parameters, 0);
        model.Initialise(random);
        return model;
    }

    private void Probe(SequenceTask task, SequenceModel model, bool trained)
    {
        if (_looks.Count == 0)
        {
            return;
        }

        using var twin = Build(task, ScalarType.Float64);
        using (no_grad())
        {
            foreach (var (own, other) in twin.parameters().Zip(model.parameters()))
            {
                // As initialised the twin is exact already; a float32 model would round it.
                if (trained)
                {
                    own.copy_(other);
                }
            }
        }

        foreach (var probe in _looks)
        {
            events.Alive();
            TrainerTrace.Span(
                "probe",
                () => probe.Measure!(new ProbeContext(spec, task, twin, trained, _metrics, events)),
                ("harness.probe", probe.Entry.Name),
                ("harness.trained", trained)
            );
        }
    }

    // Resident bytes of a process that has trained one sequence once: code and kernels are loaded, no model is held.
    private long Idle(SequenceTask task, ScalarType type)
    {
        using (var scrap = Build(task, type))
        {
            using var random = RandomKey.At(spec.Seed, RandomKey.Probe, 3);
            using var batch = task.DrawLongest(random, 1);
            using var scope = NewDisposeScope();
            Trainer.Loss(scrap, batch).backward();
        }

        ProcessMemory.GiveBack();
        return ProcessMemory.Resident;
    }

    // The allocator's count before a forward pass against after it, with all that backward needs still held.
    private double ActivationBytes(SequenceTask task, SequenceModel model)
    {
        using var random = RandomKey.At(spec.Seed, RandomKey.Probe, 2);
        using var batch = task.DrawLongest(random, spec.Integer("batch"));
        Trainer.Loss(model, batch).Dispose(); // the library prepares its kernels at the first call
        using var scope = NewDisposeScope();
        var before = ProcessMemory.Allocated;
        using var loss = Trainer.Loss(model, batch);
        return Math.Max(0, ProcessMemory.Allocated - before);
    }

    private bool? AddTimes(Throughput? throughput, double? before, Trainer trainer)
    {
        if (trainer.ClippedShare is { } clipped)
        {
            _metrics["clipped_share"] = clipped;
        }

        if (trainer.FirstStepCpuSeconds is { } start && !_keeper.Resumes)
        {
            _metrics["first_step_cpu_seconds"] = start;
        }

        if (throughput is null || before is not { } calibration)
        {
            return null;
        }

        var after = Calibration.Run();
        (_metrics["calibration_before"], _metrics["calibration_after"]) = (calibration, after);
        throughput.AddTo(_metrics);
        if (throughput.CpuWallRatio is not { } ratio)
        {
            return null;
        }

        var windows = throughput.Profile;
        events.Write(
            new TrainerProfile(
                "throughput_windows",
                "window",
                [.. Enumerable.Range(0, windows.Count).Select(n => (double)n)],
                windows,
                null
            )
        );
        return ratio < ContendedRatio || Math.Abs(after / calibration - 1) > ContendedChange;
    }

    // The declared values of a trial that diverged: no better than a blind guess.
    private void AddChance(SequenceTask task)
    {
        if (task is CharLm)
        {
            _metrics["bits_per_character"] = Math.Log2(task.Vocabulary);
        }
        else
        {
            _metrics["accuracy_beyond"] = task.Chance(task.MaxLength);
        }

        var chance = task.Chance(task.TrainingLength);
        (_metrics["accuracy"], _metrics["chance"], _metrics["gap"], _metrics["exact_match"]) = (
            chance,
            chance,
            0,
            0
        );
    }

    private static string Hash(SequenceModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var (_, parameter) in model
                .named_parameters()
                .OrderBy(pair => pair.name, StringComparer.Ordinal)
        )
        {
            using var flat = parameter.detach().contiguous();
            hash.AppendData(flat.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
