using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using Harness.Training.Measure;

namespace Harness.Training.Tasks;

/// <summary>A task that trains nothing: it takes the way of every trial, so that the way itself can be measured.</summary>
/// <remarks>
/// No model is built and the native library is not loaded; whatever model the trial names is part of its identity only.
/// What it ends with has no accuracy, since nothing was learnt: no axis and no chance either.
/// </remarks>
/// <param name="Entry">What everything outside the trainer knows.</param>
/// <param name="Wait">What it does instead of training; how that ended.</param>
public sealed record IdleTask(TaskEntry Entry, Func<TrialSpec, EventWriter, TrialOutcome> Wait)
    : TaskDefinition(Entry)
{
    /// <summary>Runs a trial of it; the last event is the result.</summary>
    public void Run(TrialSpec spec, EventWriter events)
    {
        var outcome = Wait(spec, events);
        events.Write(
            new TrainerResult(
                outcome,
                new(StringComparer.Ordinal)
                {
                    ["cpu_seconds"] = ProcessClock.Cpu,
                    ["wall_seconds"] = ProcessClock.Wall,
                },
                ParameterCount: null,
                ParameterHash: null,
                Contended: null
            )
        );
    }
}
