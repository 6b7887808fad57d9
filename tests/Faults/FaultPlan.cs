namespace Harness.Faults;

/// <summary>Which fault comes when: a pure function of seed and length.</summary>
internal static class FaultPlan
{
    /// <summary>Seconds of a lease in a run; a worker is stopped for about twice as long.</summary>
    public const double LeaseSeconds = 6;

    /// <summary>Below this length faults come close to each other, so that there is some of everything.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(3);

    // As often as each comes in a deck. A worker that is stopped beyond its lease is what finds the most; whoever is dead
    // writes nothing.
    private static readonly (FaultKind Kind, int Times)[] Deck =
    [
        (FaultKind.WorkerStopped, 6),
        (FaultKind.WorkerKilled, 3),
        (FaultKind.TrainerKilled, 3),
        (FaultKind.CutAfterCommit, 2),
        (FaultKind.WorkerDrained, 1),
        (FaultKind.SiloKilled, 1),
        (FaultKind.SiloStopped, 1),
        (FaultKind.DashboardKilled, 1),
        (FaultKind.DatabaseStopped, 1),
        (FaultKind.DatabaseHung, 1),
        (FaultKind.SessionKilled, 1),
        (FaultKind.CutBeforeCommit, 1),
    ];

    /// <summary>The plan of a run.</summary>
    public static IReadOnlyList<Fault> Of(int seed, TimeSpan length)
    {
        var random = new Random(seed);
        var faults = new List<Fault>();
        var cards = new Queue<FaultKind>();
        var at = TimeSpan.FromSeconds(2);
        while (at < length)
        {
            if (cards.Count == 0)
            {
                cards = new(Shuffled(random));
            }

            var kind = cards.Dequeue();
            faults.Add(new Fault(at, kind, For(kind, random), random.Next()));
            // The first one alone: a late write needs a quiet while in which the lease passes on, and even a short run has it.
            at +=
                faults.Count == 1 ? faults[0].For + TimeSpan.FromSeconds(2) : Pause(random, length);
        }

        return faults;
    }

    // The first card is always a worker that is stopped beyond its lease.
    private static FaultKind[] Shuffled(Random random)
    {
        var cards = Deck.SelectMany(card => Enumerable.Repeat(card.Kind, card.Times)).ToArray();
        random.Shuffle(cards);
        var first = Array.IndexOf(cards, FaultKind.WorkerStopped);
        (cards[0], cards[first]) = (cards[first], cards[0]);
        return cards;
    }

    private static TimeSpan For(FaultKind kind, Random random) =>
        TimeSpan.FromSeconds(
            kind switch
            {
                FaultKind.WorkerStopped => LeaseSeconds * (1.6 + random.NextDouble()),
                FaultKind.SiloStopped or FaultKind.DatabaseHung => 3 + 9 * random.NextDouble(),
                _ => 0.2 + 4 * random.NextDouble(),
            }
        );

    private static TimeSpan Pause(Random random, TimeSpan length) =>
        TimeSpan.FromSeconds(
            length < Short ? 2 + 4 * random.NextDouble() : 4 + 9 * random.NextDouble()
        );
}
