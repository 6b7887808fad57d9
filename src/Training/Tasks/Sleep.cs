using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using Harness.Training.Measure;

namespace Harness.Training.Tasks;

/// <summary>Waiting: the trial holds its slot for a while and needs no CPU, as if it trained somewhere else.</summary>
public static class Sleep
{
    private const double BeatSeconds = 0.25; // progress comes as often as that of a training

    /// <summary>Entry in the catalogue.</summary>
    public static TaskDefinition Definition { get; } =
        new IdleTask(
            new TaskEntry
            {
                Name = "sleep",
                Title = "Waiting",
                Description =
                    "Wait without training: measures scheduling with more slots than cores.",
                Source = "this harness",
                Axis = null,
                Chance = null,
                Parameters =
                [
                    new()
                    {
                        Name = "seconds",
                        Kind = ParameterKind.Number,
                        Description = "How long it waits; its progress is the share that is over.",
                        Default = SettingValue.Of(1L),
                        Min = 0,
                        Max = 86_400,
                    },
                ],
            },
            Wait
        );

    private static TrialOutcome Wait(TrialSpec spec, EventWriter events)
    {
        var seconds = spec.Number("seconds");
        var cap = spec.Number("max_trial_time");
        var waits = cap > 0 ? Math.Min(seconds, cap) : seconds;
        var steps = spec.Integer("steps");
        var begin = ProcessClock.Wall;
        for (var over = 0.0; over < waits; over = ProcessClock.Wall - begin)
        {
            events.Progress((int)(steps * (over / seconds)), steps);
            Thread.Sleep(TimeSpan.FromSeconds(Math.Min(BeatSeconds, waits - over)));
        }

        if (waits < seconds)
        {
            return TrialOutcome.Censored;
        }

        events.Progress(steps, steps);
        return TrialOutcome.Ok;
    }
}
