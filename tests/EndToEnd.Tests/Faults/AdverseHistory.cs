using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;
using Harness.Storage.Checkpoints;
using Harness.Storage.Dispatch;
using Harness.Storage.Metrics;
using Npgsql;

namespace Harness.EndToEnd.Tests.Faults;

/// <summary>Everything that must change nothing, one after the other: each step is in vain as long as its guard stands.</summary>
internal sealed class AdverseHistory
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.2); // beyond what the checker grants a write under way

    private readonly TestDatabase _db;
    private readonly Control _control;
    private readonly MetricStore _metrics;
    private readonly CheckpointStore _checkpoints;
    private readonly List<string> _refused = [];
    private List<long> _trials = [];

    private AdverseHistory(TestDatabase db)
    {
        _db = db;
        _control = new Control(db);
        _metrics = new MetricStore(db.Silo);
        _checkpoints = new CheckpointStore(db.Silo);
    }

    /// <summary>Writes it.</summary>
    /// <returns>Constraints of the tables that refused a step, and steps that had nothing to begin with.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(TestDatabase db)
    {
        var history = new AdverseHistory(db);
        await history.BeginAsync();
        foreach (
            var step in (IReadOnlyList<Func<Task>>)
                [
                    history.ResultOfAReplacedAttemptAsync,
                    history.ResultThatIsToldTwiceAsync,
                    history.HeartbeatOfALostAttemptAsync,
                    history.SecondLeaseAsync,
                    history.CrashesAsync,
                    history.ExpiredLeasesAsync,
                    history.FailureAsync,
                    history.DataOfAReplacedAttemptAsync,
                    history.PointsThatAreToldAgainAsync,
                    history.OtherHardwareAsync,
                    history.OlderDispatcherAsync,
                    history.LookAtAFreshLeaseAsync,
                ]
        )
        {
            await history.TryAsync(step);
        }

        return history._refused;
    }

    private async Task BeginAsync()
    {
        await _control.StartAsync("w1", "w2");
        await _control.Dispatch.BeginPeriodAsync(1, 6, Control.Cancellation);
        await _db.ExecuteAsync(
            "update writable_period set began_at = began_at - interval '1 hour'"
        );
        (_, _trials) = await _control.SubmitAsync(
            SomeTrials.Sweep(
                "adverse",
                [.. Enumerable.Range(1, 14).Select(seed => SomeTrials.Trial(seed))],
                maxCrashes: 2
            )
        );
    }

    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (InVainException vain)
        {
            _refused.Add(vain.Message);
        }
        catch (PostgresException refused)
            when (refused.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            _refused.Add(refused.ConstraintName ?? refused.MessageText);
        }
        catch (PostgresException over) when (over.SqlState == DispatchStore.EpochOver)
        {
            // As it should be.
        }
    }

    private async Task ResultOfAReplacedAttemptAsync()
    {
        var old = await LeaseAsync(0, "w1");
        await ExpireAsync(old);
        var current = await LeaseAsync(0, "w2");
        await _control.CompleteAsync(SomeTrials.Completed(_trials[0], old, 0.1));
        await _control.CompleteAsync(SomeTrials.Completed(_trials[0], current, 0.9));
    }

    private async Task ResultThatIsToldTwiceAsync()
    {
        var token = await LeaseAsync(1, "w1");
        await _control.CompleteAsync(SomeTrials.Completed(_trials[1], token, 0.1));
        await _control.CompleteAsync(SomeTrials.Completed(_trials[1], token, 0.9));
    }

    private async Task HeartbeatOfALostAttemptAsync()
    {
        var token = await LeaseAsync(2, "w1");
        await ExpireAsync(token);
        await _control.BeatAsync(_trials[2], token);
    }

    private async Task SecondLeaseAsync()
    {
        await LeaseAsync(3, "w1");
        (await _control.LeaseAsync(_trials[3], "w2")).ShouldBeNull();
    }

    private async Task CrashesAsync()
    {
        for (var crash = 1; crash <= 2; crash++)
        {
            var token = await LeaseAsync(4, "w1");
            await _control.CompleteAsync(SomeTrials.Failed(_trials[4], token, FailureKind.Crash));
            await _control.TickAsync();
        }
    }

    private async Task ExpiredLeasesAsync()
    {
        await ExpireAsync(await LeaseAsync(5, "w1"));
        await ExpireAsync(await LeaseAsync(5, "w2"));
    }

    private async Task FailureAsync()
    {
        var token = await LeaseAsync(6, "w1");
        await _control.CompleteAsync(SomeTrials.Failed(_trials[6], token, FailureKind.Job));
    }

    private async Task DataOfAReplacedAttemptAsync()
    {
        var old = await LeaseAsync(7, "w1");
        await AppendAsync(7, old, 0, 1);
        await ExpireAsync(old);
        var current = await LeaseAsync(7, "w2");
        await Task.Delay(Late, Control.Cancellation);
        await AppendAsync(7, old, 2, 3);
        await _checkpoints.AddAsync(
            _trials[7],
            old,
            4,
            new string('a', 64),
            1,
            Control.Cancellation
        );
        await AppendAsync(7, current, 0, 1);
    }

    private async Task PointsThatAreToldAgainAsync()
    {
        var token = await LeaseAsync(8, "w1");
        await AppendAsync(8, token, 0, 1);
        await AppendAsync(8, token, 2, 3);
        await AppendAsync(8, token, 0, 1);
    }

    private async Task OtherHardwareAsync()
    {
        var token = await LeaseAsync(9, "w1");
        await AppendAsync(9, token, 0, 1);
        await _checkpoints.AddAsync(
            _trials[9],
            token,
            2,
            new string('b', 64),
            1,
            Control.Cancellation
        );
        await ExpireAsync(token);
        await _db.ExecuteAsync("insert into hardware (id, facts) values ('another', '{}')");
        await _db.ExecuteAsync("update worker set hardware = 'another' where id = 'w2'");
        await LeaseAsync(9, "w2");
    }

    private async Task OlderDispatcherAsync()
    {
        var younger = new Control(_db);
        await younger.StartAsync();
        await younger.LeaseAsync(_trials[10], "w1");
        try
        {
            await _control.LeaseAsync(_trials[11], "w1");
        }
        finally
        {
            await _control.StartAsync();
        }
    }

    // The database takes writes for a moment only: no lease may expire yet, and none has run out.
    private async Task LookAtAFreshLeaseAsync()
    {
        await LeaseAsync(12, "w1");
        await _control.Dispatch.BeginPeriodAsync(_control.Epoch, 6, Control.Cancellation);
        await _control.ExpireDueAsync();
    }

    private async Task<long> LeaseAsync(int trial, string worker)
    {
        var token =
            await _control.LeaseAsync(_trials[trial], worker)
            ?? throw new InVainException($"no lease of the trial at {trial}");
        await _control.BeatAsync(_trials[trial], token);
        return token;
    }

    private async Task ExpireAsync(long token)
    {
        await _db.ExecuteAsync(
            "update attempt set lease_until = clock_timestamp() - interval '1 second' where token = $1",
            token
        );
        await _control.ExpireDueAsync();
    }

    private sealed class InVainException(string message) : Exception(message);

    private Task<IngestReply> AppendAsync(int trial, long token, int first, int second) =>
        _metrics.AppendAsync(
            new IngestRequest
            {
                WorkerId = "w1",
                Attempts =
                [
                    new AttemptData
                    {
                        TrialId = _trials[trial],
                        Token = token,
                        Points =
                        [
                            new TrainerPoints(
                                "train_loss",
                                [first, second],
                                [first, second],
                                [first, second]
                            ),
                        ],
                    },
                ],
            },
            Control.Cancellation
        );
}
