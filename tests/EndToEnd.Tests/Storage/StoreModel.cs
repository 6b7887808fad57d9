namespace Harness.EndToEnd.Tests.Storage;

/// <summary>What the tables must do, said once more and simply: dictionaries instead of statements.</summary>
internal sealed class StoreModel
{
    public const int MaxCrashes = 2;
    public const int MaxRetries = 1;

    private static readonly HashSet<string> Open = ["pending", "leased", "running", "retry_wait"];
    private static readonly HashSet<string> Live = ["queued", "running", "pausing", "paused"];
    private static readonly HashSet<string> Lost = ["failed", "quarantined", "cancelled"];

    public sealed class Trial
    {
        public required long Id { get; init; }
        public required int Identity { get; init; }
        public string State { get; set; } = "pending";
        public long Token { get; set; }
        public int Crashes { get; set; }
        public int Failures { get; set; }
    }

    public sealed class Sweep
    {
        public required long Id { get; init; }
        public required List<Trial> Trials { get; init; }
        public HashSet<Trial> Cancelled { get; } = [];

        /// <summary>What a retry concerned: the failed ones, and those that took their places.</summary>
        public HashSet<Trial> Retried { get; } = [];
        public string State { get; set; } = "queued";
        public bool Started { get; set; }
        public int Priority { get; set; }
    }

    public List<Trial> Trials { get; } = [];

    public List<Sweep> Sweeps { get; } = [];

    public SortedDictionary<long, (Trial Trial, string State)> Attempts { get; } = [];

    /// <summary>Which of these identities need a new trial.</summary>
    public Trial? Shared(int identity) =>
        Trials.LastOrDefault(trial => trial.Identity == identity) is { } newest
        && !Lost.Contains(newest.State)
            ? newest
            : null;

    public void Submit(Sweep sweep)
    {
        Sweeps.Add(sweep);
        EndWith(sweep);
    }

    public void Pause(Sweep sweep)
    {
        if (sweep.State is "queued" or "running")
        {
            sweep.State = "pausing";
            EndWith(sweep);
        }
    }

    public void Resume(Sweep sweep)
    {
        if (sweep.State == "paused")
        {
            sweep.State = sweep.Started ? "running" : "queued";
            EndWith(sweep);
        }
    }

    /// <summary>Which places of the sweep a retry gives to other trials.</summary>
    public static IReadOnlyList<int> Retried(Sweep sweep, IReadOnlyCollection<string> states) =>
        Live.Contains(sweep.State) || sweep.State == "completed_with_failures"
            ?
            [
                .. Enumerable
                    .Range(0, sweep.Trials.Count)
                    .Where(i => states.Contains(sweep.Trials[i].State)),
            ]
            : [];

    /// <summary>The trials that are to have these places now.</summary>
    public void Retry(Sweep sweep, IEnumerable<(int Place, Trial Trial)> again)
    {
        foreach (var (place, trial) in again)
        {
            sweep.Cancelled.Remove(sweep.Trials[place]);
            sweep.Retried.UnionWith([sweep.Trials[place], trial]);
            sweep.Trials[place] = trial;
        }

        sweep.State = sweep.State == "completed_with_failures" ? "running" : sweep.State;
        EndWith(sweep);
    }

    public void Set(Sweep sweep, int priority)
    {
        if (Live.Contains(sweep.State))
        {
            sweep.Priority = priority;
            EndWith(sweep);
        }
    }

    /// <summary>Whether the sweep may go.</summary>
    public static bool HasEnded(Sweep sweep) =>
        sweep.State is "cancelled" or "completed" or "completed_with_failures";

    /// <summary>The sweep goes, and what no other one has or had in a place.</summary>
    public void Remove(Sweep sweep)
    {
        Sweeps.Remove(sweep);
        var kept = Sweeps.SelectMany(other => other.Trials.Concat(other.Retried)).ToHashSet();
        var gone = sweep
            .Trials.Concat(sweep.Retried)
            .Where(trial => !kept.Contains(trial))
            .ToHashSet();
        Trials.RemoveAll(gone.Contains);
        foreach (
            var token in Attempts
                .Where(pair => gone.Contains(pair.Value.Trial))
                .Select(pair => pair.Key)
                .ToList()
        )
        {
            Attempts.Remove(token);
        }
    }

    public bool Lease(Trial trial, long? token)
    {
        if (trial.State != "pending" || !MayRun(trial))
        {
            return token is null;
        }

        if (token is not { } given)
        {
            return false;
        }

        (trial.State, trial.Token) = ("leased", given);
        Attempts[given] = (trial, "leased");
        foreach (var sweep in SweepsOf(trial).Where(s => !s.Cancelled.Contains(trial)))
        {
            sweep.Started |= sweep.State == "queued";
            sweep.State = sweep.State == "queued" ? "running" : sweep.State;
        }

        return true;
    }

    public void Beat(long token)
    {
        var (trial, state) = Attempts[token];
        if (state is "leased" or "started")
        {
            Attempts[token] = (trial, "started");
            trial.State = "running";
        }
    }

    public void Complete(long token, string how, bool isJob)
    {
        var (trial, state) = Attempts[token];
        var lives = state is "leased" or "started";
        var isCurrentStill =
            state == "lost" && trial.Token == token && trial.State is "pending" or "retry_wait";
        if (how == "completed" && (lives || isCurrentStill && state == "lost"))
        {
            (trial.State, Attempts[token]) = ("succeeded", (trial, "completed"));
        }
        else if (lives)
        {
            trial.State = After(trial, how, isJob);
            trial.Failures += how == "failed" && isJob ? 1 : 0;
            trial.Crashes += how == "failed" && !isJob ? 1 : 0;
            // One that was stopped although its trial is wanted was handed back.
            Attempts[token] = (
                trial,
                how == "cancelled" && trial.State == "pending" ? "drained" : how
            );
        }
        else if (state == "lost" && how == "completed")
        {
            Attempts[token] = (trial, "fenced");
        }

        End(SweepsOf(trial));
    }

    public void Expire(long token)
    {
        var (trial, state) = Attempts[token];
        if (state is "leased" or "started")
        {
            Attempts[token] = (trial, "lost");
            trial.State =
                After(trial, "failed", isJob: false) is "retry_wait" ? "pending"
                : trial.Crashes + 1 >= MaxCrashes ? "quarantined"
                : "cancelled";
            trial.Crashes++;
            End(SweepsOf(trial));
        }
    }

    public void Tick()
    {
        foreach (var trial in Trials.Where(trial => trial.State == "retry_wait").ToList())
        {
            trial.State = IsWanted(trial) ? "pending" : "cancelled";
            End(SweepsOf(trial));
        }
    }

    public void Cancel(Sweep sweep)
    {
        if (Live.Contains(sweep.State))
        {
            sweep.State = "cancelling";
            sweep.Cancelled.UnionWith(sweep.Trials.Where(trial => Open.Contains(trial.State)));
            foreach (var trial in sweep.Cancelled.Where(trial => !IsWanted(trial)))
            {
                trial.State = trial.State is "pending" or "retry_wait" ? "cancelled" : trial.State;
            }
        }

        // Said again it changes nothing, but looks whether what it waited for is wanted by a newer sweep.
        End([sweep]);
    }

    private string After(Trial trial, string how, bool isJob) =>
        how switch
        {
            "failed" when isJob && trial.Failures >= MaxRetries => "failed",
            "failed" when !isJob && trial.Crashes + 1 >= MaxCrashes => "quarantined",
            _ when !IsWanted(trial) => "cancelled",
            "failed" => "retry_wait",
            _ => "pending",
        };

    private bool IsWanted(Trial trial) =>
        SweepsOf(trial)
            .Any(sweep => Live.Contains(sweep.State) && !sweep.Cancelled.Contains(trial));

    private bool MayRun(Trial trial) =>
        SweepsOf(trial)
            .Any(sweep => sweep.State is "queued" or "running" && !sweep.Cancelled.Contains(trial));

    private IEnumerable<Sweep> SweepsOf(Trial trial) =>
        Sweeps.Where(sweep => sweep.Trials.Contains(trial));

    // With a sweep that wants more than before, others may end that waited for what runs.
    private void EndWith(Sweep sweep) =>
        End(Sweeps.Where(other => other == sweep || other.State is "pausing" or "cancelling"));

    private void End(IEnumerable<Sweep> sweeps)
    {
        foreach (var sweep in sweeps.ToList())
        {
            var open = sweep.Trials.Where(trial => Open.Contains(trial.State)).ToList();
            sweep.State = sweep.State switch
            {
                "queued" or "running" when open.Count == 0 => sweep.Trials.All(trial =>
                    trial.State == "succeeded"
                )
                    ? "completed"
                    : "completed_with_failures",
                "cancelling" when open.All(IsWanted) => "cancelled",
                "pausing"
                    when open.All(trial =>
                        trial.State is "pending" or "retry_wait" || MayRun(trial)
                    ) => "paused",
                var state => state,
            };
        }
    }
}
