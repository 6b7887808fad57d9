namespace Harness.EndToEnd.Tests.Storage;

/// <summary>What the tables must do, said once more and simply: dictionaries instead of statements.</summary>
internal sealed class StoreModel
{
    public const int MaxCrashes = 2;
    public const int MaxRetries = 1;

    private static readonly HashSet<string> Open = ["pending", "leased", "running", "retry_wait"];

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
        public string State { get; set; } = "queued";
    }

    public List<Trial> Trials { get; } = [];

    public List<Sweep> Sweeps { get; } = [];

    public SortedDictionary<long, (Trial Trial, string State)> Attempts { get; } = [];

    /// <summary>Which of these identities need a new trial.</summary>
    public Trial? Shared(int identity) =>
        Trials.LastOrDefault(trial => trial.Identity == identity) is { } newest
        && newest.State is not ("failed" or "quarantined" or "cancelled")
            ? newest
            : null;

    public void Submit(Sweep sweep)
    {
        Sweeps.Add(sweep);
        End([sweep]);
    }

    public bool Lease(Trial trial, long? token)
    {
        if (trial.State != "pending" || !IsWanted(trial))
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
            Attempts[token] = (trial, how);
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
        if (sweep.State is "queued" or "running")
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
            .Any(sweep => sweep.State is "queued" or "running" && !sweep.Cancelled.Contains(trial));

    private IEnumerable<Sweep> SweepsOf(Trial trial) =>
        Sweeps.Where(sweep => sweep.Trials.Contains(trial));

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
                var state => state,
            };
        }
    }
}
