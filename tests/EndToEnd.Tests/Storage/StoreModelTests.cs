using System.Globalization;
using CsCheck;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>Random histories: after every step the tables hold what a model of a page holds.</summary>
public sealed class StoreModelTests(PostgresFixture postgres)
{
    private static readonly (string How, AttemptState State, FailureKind? Kind)[] Ends =
    [
        ("completed", AttemptState.Completed, null),
        ("failed", AttemptState.Failed, FailureKind.Job),
        ("failed", AttemptState.Failed, FailureKind.Crash),
        ("failed", AttemptState.Failed, FailureKind.Protocol),
        ("drained", AttemptState.Drained, null),
        ("cancelled", AttemptState.Cancelled, null),
    ];

    /// <summary>A step: what is done, and to which of what there is.</summary>
    private static readonly Gen<(int Command, int Which)[]> Histories = Gen.Select(
        Gen.Int[0, 24],
        Gen.Int[0, 1_000]
    ).Array[20, 70];

    [Fact]
    public async Task Tables_and_model_agree_after_every_step_of_random_histories()
    {
        await using var db = await postgres.CreateAsync();
        var attempts = new List<string>();
        var trials = new List<string>();
        var changes = new HashSet<string>();

        // A run in which a thing never happened would prove nothing of it: so long it goes on.
        for (var round = 0; round < 10 && !SeenAll(); round++)
        {
            Histories.Sample(
                history =>
                {
                    var run = new Run(db);
                    run.PlayAsync(history).GetAwaiter().GetResult();
                    attempts.AddRange(run.Model.Attempts.Values.Select(attempt => attempt.State));
                    trials.AddRange(run.Model.Trials.Select(trial => trial.State));
                    changes.UnionWith(run.Changes);
                },
                iter: 30,
                threads: 1
            );
        }

        SeenAll()
            .ShouldBeTrue(
                $"each kind of end happens; attempts: {string.Join(' ', attempts.Distinct())}; trials: {string.Join(' ', trials.Distinct())}; changes: {string.Join(' ', changes)}"
            );

        bool SeenAll() =>
            attempts.Distinct().Count() == Enum.GetValues<AttemptState>().Length
            && trials.Contains("failed")
            && trials.Contains("quarantined")
            && trials.Count(state => state == "succeeded") > 10
            && attempts.Count(state => state == "fenced") > 3
            && changes.IsSupersetOf([
                "paused",
                "pausing",
                "resumed",
                "retried",
                "shared",
                "set",
                "removed",
            ]);
    }

    private sealed class Run(TestDatabase db)
    {
        private readonly Control _control = new(db);
        private int _submits;

        public StoreModel Model { get; } = new();

        /// <summary>What happened to sweeps.</summary>
        public HashSet<string> Changes { get; } = [];

        public async Task PlayAsync((int Command, int Which)[] history)
        {
            await db.ExecuteAsync(
                "truncate sweep, trial, sweep_trial, attempt, event, result cascade"
            );
            await _control.StartAsync("w1");
            await SubmitAsync(0);
            foreach (var (command, which) in history)
            {
                var before = await StatesAsync();
                await StepAsync(command, which);
                await CompareAsync($"step ({command}, {which}) on {string.Join(", ", before)}");
            }

            (await _control.ViolationsAsync()).ShouldBeEmpty();
        }

        private Task StepAsync(int command, int which) =>
            command switch
            {
                0 => SubmitAsync(which),
                1 => CancelAsync(which),
                2 or 3 or 4 or 5 or 6 => LeaseAsync(which),
                7 or 8 => ExpireAsync(which),
                9 or 10 or 11 => TickAsync(),
                12 => BeatAsync(which),
                13 => PauseAsync(which),
                14 or 15 => ResumeAsync(which),
                16 => RetryAsync(which),
                17 => SetAsync(which),
                18 => RemoveAsync(which),
                _ => CompleteAsync(which),
            };

        private async Task SubmitAsync(int which)
        {
            var identities = Enumerable.Range(which % 2, 2).ToList();
            var (id, trials) = await _control.SubmitAsync(
                SomeTrials.Sweep(
                    string.Create(CultureInfo.InvariantCulture, $"s{_submits++}"),
                    [.. identities.Select(identity => SomeTrials.Trial(identity))],
                    StoreModel.MaxCrashes,
                    StoreModel.MaxRetries
                )
            );
            var wanted = new List<StoreModel.Trial>();
            foreach (var (identity, trial) in identities.Zip(trials))
            {
                var shared = Model.Shared(identity);
                if (shared is null)
                {
                    shared = new StoreModel.Trial { Id = trial, Identity = identity };
                    Model.Trials.Add(shared);
                }

                shared.Id.ShouldBe(trial, "shared or made anew");
                wanted.Add(shared);
            }

            Model.Submit(new StoreModel.Sweep { Id = id, Trials = wanted });
        }

        private async Task CancelAsync(int which)
        {
            var sweep = Model.Sweeps[which % Model.Sweeps.Count];
            await _control.Sweeps.CancelAsync(sweep.Id, "model", Control.Cancellation);
            Model.Cancel(sweep);
        }

        private async Task PauseAsync(int which)
        {
            var sweep = Model.Sweeps[which % Model.Sweeps.Count];
            var changed = await _control.PauseAsync(sweep.Id);
            changed.Done.ShouldBe(sweep.State is "queued" or "running");
            Model.Pause(sweep);
            if (changed.Done)
            {
                Changes.Add(sweep.State);
            }
        }

        private async Task ResumeAsync(int which)
        {
            var sweep = Model.Sweeps[which % Model.Sweeps.Count];
            var changed = await _control.ResumeAsync(sweep.Id);
            changed.Done.ShouldBe(sweep.State == "paused");
            Model.Resume(sweep);
            if (changed.Done)
            {
                Changes.Add("resumed");
            }
        }

        private async Task RetryAsync(int which)
        {
            TrialState[] states =
                which % 3 == 0 ? [TrialState.Failed] : [TrialState.Failed, TrialState.Quarantined];
            // Mostly the oldest that has something to retry: a newer one may have tried the same again already.
            var sweep =
                which % 4 == 0
                    ? Model.Sweeps[which % Model.Sweeps.Count]
                    : Model.Sweeps.FirstOrDefault(
                        one => StoreModel.Retried(one, [.. states.Select(Words.Of)]).Count > 0,
                        Model.Sweeps[0]
                    );
            var places = StoreModel.Retried(sweep, [.. states.Select(Words.Of)]);
            var (changed, trials) = await _control.RetryAsync(sweep.Id, states);
            changed.Done.ShouldBe(places.Count > 0);
            trials.Count.ShouldBe(places.Count);
            var now = await db.ListAsync<long>(
                "select trial from sweep_trial where sweep = $1 order by position",
                sweep.Id
            );
            var again = new List<(int, StoreModel.Trial)>();
            foreach (var place in places)
            {
                var identity = sweep.Trials[place].Identity;
                var shared = Model.Shared(identity);
                Changes.Add(shared is null ? "retried" : "shared");
                if (shared is null)
                {
                    shared = new StoreModel.Trial { Id = now[place], Identity = identity };
                    Model.Trials.Add(shared);
                }

                shared.Id.ShouldBe(now[place], "shared or made anew");
                again.Add((place, shared));
            }

            if (places.Count > 0)
            {
                Model.Retry(sweep, again);
            }
        }

        private async Task RemoveAsync(int which)
        {
            // The last one stays, so that there is always one to go on with.
            var sweep = Model.Sweeps[which % Model.Sweeps.Count];
            if (Model.Sweeps.Count == 1)
            {
                return;
            }

            var reply = await _control.RemoveAsync(sweep.Id);
            reply.Changed.Done.ShouldBe(StoreModel.HasEnded(sweep));
            if (reply.Changed.Done)
            {
                var before = Model.Trials.Count;
                Model.Remove(sweep);
                reply.Removed.Trials.ShouldBe(before - Model.Trials.Count);
                Changes.Add("removed");
            }
        }

        private async Task SetAsync(int which)
        {
            var sweep = Model.Sweeps[which % Model.Sweeps.Count];
            var before = await db.ScalarAsync<int>(
                "select sequence from sweep where id = $1",
                sweep.Id
            );
            // Every third time with a version that is no longer true.
            var isStale = which % 3 == 0;
            var changed = await _control.SetAsync(
                sweep.Id,
                new SweepLimits { Priority = which },
                isStale ? before - 1 : before
            );
            if (isStale)
            {
                changed.Refusal.ShouldBe(ChangeRefusal.Version);
                return;
            }

            changed.Done.ShouldBe(sweep.State is "queued" or "running" or "pausing" or "paused");
            Model.Set(sweep, which);
            Changes.Add(changed.Done ? "set" : "refused");
        }

        private async Task LeaseAsync(int which)
        {
            var trial = Model.Trials[which % Model.Trials.Count];
            var token = await _control.LeaseAsync(trial.Id, "w1");
            Model.Lease(trial, token).ShouldBeTrue($"lease of a trial that is {trial.State}");
        }

        private async Task ExpireAsync(int which)
        {
            if (Attempt(which) is { } token)
            {
                await db.ExecuteAsync(
                    "update attempt set lease_until = '-infinity' where token = $1 and ended_at is null",
                    token
                );
                await _control.ExpireDueAsync();
                // The look at the clocks ends waits as well, before leases.
                Model.Tick();
                Model.Expire(token);
            }
        }

        private async Task TickAsync()
        {
            await _control.TickAsync();
            Model.Tick();
        }

        private async Task BeatAsync(int which)
        {
            if (Attempt(which) is { } token)
            {
                await _control.BeatAsync(Model.Attempts[token].Trial.Id, token);
                Model.Beat(token);
            }
        }

        private async Task CompleteAsync(int which)
        {
            if (Attempt(which) is { } token)
            {
                var (how, state, kind) = Ends[which % Ends.Length];
                var trial = Model.Attempts[token].Trial.Id;
                await _control.CompleteAsync(
                    how == "completed" ? SomeTrials.Completed(trial, token)
                    : kind is { } failure ? SomeTrials.Failed(trial, token, failure)
                    : SomeTrials.Ended(trial, token, state)
                );
                Model.Complete(token, how, kind == FailureKind.Job);
            }
        }

        // One of the newest: old ones have ended, and nothing happens to them any more.
        private long? Attempt(int which) =>
            Model.Attempts.Count == 0
                ? null
                : Model.Attempts.Keys.ElementAt(
                    Model.Attempts.Count
                        - 1
                        - (which / Ends.Length % Math.Min(4, Model.Attempts.Count))
                );

        private async Task<List<string>> StatesAsync() =>
            [
                .. await db.ListAsync<string>(
                    """
                    select 'sweep ' || s.id || ' ' || s.state || ' of ' || string_agg(
                        t.id || ' ' || t.state || case when w.cancelled then ' cancelled' else '' end, ' + ' order by t.id)
                    from sweep s join sweep_trial w on w.sweep = s.id join trial t on t.id = w.trial
                    group by s.id, s.state order by s.id
                    """
                ),
                .. await db.ListAsync<string>(
                    "select 'attempt ' || token || ' of ' || trial || ' ' || state from attempt order by token"
                ),
            ];

        private async Task CompareAsync(string after)
        {
            (
                await db.ListAsync<string>(
                    "select id || ' ' || state || ' ' || crashes || ' ' || failures from trial order by id"
                )
            ).ShouldBe(
                Model
                    .Trials.OrderBy(t => t.Id)
                    .Select(t => $"{t.Id} {t.State} {t.Crashes} {t.Failures}"),
                after
            );
            (
                await db.ListAsync<string>(
                    "select token || ' ' || state from attempt order by token"
                )
            ).ShouldBe(Model.Attempts.Select(pair => $"{pair.Key} {pair.Value.State}"), after);
            (
                await db.ListAsync<string>(
                    "select id || ' ' || state || ' ' || priority from sweep order by id"
                )
            ).ShouldBe(Model.Sweeps.Select(s => $"{s.Id} {s.State} {s.Priority}"), after);
            (
                await db.ListAsync<string>(
                    "select sweep || ' ' || string_agg(trial || '/' || priority, ' ' order by position) from sweep_trial group by sweep order by sweep"
                )
            ).ShouldBe(
                Model.Sweeps.Select(s =>
                    $"{s.Id} {string.Join(' ', s.Trials.Select(t => $"{t.Id}/{s.Priority}"))}"
                ),
                after
            );
        }
    }
}
