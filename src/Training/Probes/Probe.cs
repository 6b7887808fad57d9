using Harness.Domain.Catalogue;
using Harness.Domain.Trials;
using Harness.Training.Models;
using Harness.Training.Tasks;
using static TorchSharp.torch;

namespace Harness.Training.Probes;

/// <summary>What a probe may look at.</summary>
/// <param name="Spec">The trial.</param>
/// <param name="Task">Its task.</param>
/// <param name="Twin">A float64 copy of the model; probes may leave gradients on it.</param>
/// <param name="Trained">Whether training is over; false: as initialised.</param>
/// <param name="Metrics">Where final numbers go.</param>
/// <param name="Events">Where profiles go.</param>
public sealed record ProbeContext(
    TrialSpec Spec,
    SequenceTask Task,
    SequenceModel Twin,
    bool Trained,
    SortedDictionary<string, double> Metrics,
    EventWriter Events
)
{
    /// <summary>Uniformly drawn tokens, the same at initialisation and after training.</summary>
    /// <returns>int64, [B, T].</returns>
    public Tensor Tokens(int size, int length)
    {
        using var random = RandomKey.At(Spec.Seed, RandomKey.Probe, 0);
        return randint(0, Task.Vocabulary, [size, length], ScalarType.Int64, generator: random);
    }

    /// <summary>The name, with <c>_trained</c> behind it after training.</summary>
    public string Name(string name) => Trained ? name + "_trained" : name;
}

/// <summary>A measurement beside training.</summary>
/// <param name="Entry">What everything outside the trainer knows.</param>
/// <param name="Measure">Looks at the model before and after training; null where the loop itself measures.</param>
public sealed record ProbeDefinition(ProbeEntry Entry, Action<ProbeContext>? Measure);
