using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Storage.Checkpoints;
using Harness.Storage.Dispatch;
using Harness.Storage.Metrics;
using Npgsql;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>
/// Random histories of three writers at once, each of which takes itself for the dispatcher, while sweeps are changed and
/// attempts of all of them bring data: whatever wins, no promise is broken. Leases end by a shift of their stored time.
/// </summary>
public sealed class ConcurrentStoreTests(PostgresFixture postgres)
{
    private const int Writers = 3;

    private static readonly Gen<(int Command, int Which)[][]> Histories = Gen.Select(
            Gen.Int[0, 19],
            Gen.Int[0, 1_000]
        )
        .Array[15, 40]
        .Array[Writers];

    [Fact]
    public async Task Three_writers_at_once_break_no_promise()
    {
        await using var db = await postgres.CreateAsync();
        var seen = new ConcurrentDictionary<string, int>();
        Histories.Sample(
            history => new Run(db, seen).PlayAsync(history).GetAwaiter().GetResult(),
            iter: 30,
            threads: 1
        );

        // Histories in which nobody got in another's way would prove nothing.
        foreach (var event_ in new[] { "completed", "fenced", "expired", "over", "stale data" })
        {
            seen.Keys.ShouldContain(event_, string.Join(' ', seen));
        }
    }

    private sealed class Run(TestDatabase db, ConcurrentDictionary<string, int> seen)
    {
        private readonly ConcurrentBag<(long Trial, long Token)> _attempts = [];
        private readonly MetricStore _metrics = new(db.Silo);
        private readonly CheckpointStore _checkpoints = new(db.Silo);
        private int _submits;

        public async Task PlayAsync((int Command, int Which)[][] history)
        {
            await db.ExecuteAsync(
                "truncate sweep, trial, sweep_trial, attempt, event, result, metric_last, writable_period cascade"
            );
            var writers = Enumerable.Range(0, Writers).Select(_ => new Control(db)).ToList();
            await writers[0].StartAsync("w1", "w2");
            await writers[0].Dispatch.BeginPeriodAsync(writers[0].Epoch, 6, Control.Cancellation);
            await db.ExecuteAsync(
                "update writable_period set began_at = began_at - interval '1 hour'"
            );
            await SubmitAsync(writers[0]);
            foreach (var writer in writers.Skip(1))
            {
                await writer.StartAsync();
            }

            await Task.WhenAll(
                writers
                    .Zip(history)
                    .Select(pair => Task.Run(() => PlayAsync(pair.First, pair.Second)))
            );

            foreach (var kind in await db.ListAsync<string>("select distinct kind from event"))
            {
                Saw(kind);
            }

            (await writers[0].ViolationsAsync()).ShouldBeEmpty();
        }

        private async Task PlayAsync(Control writer, (int Command, int Which)[] history)
        {
            foreach (var (command, which) in history)
            {
                try
                {
                    await StepAsync(writer, command, which);
                }
                catch (PostgresException over) when (over.SqlState == DispatchStore.EpochOver)
                {
                    Saw("over");
                }
                catch (PostgresException again)
                    when (again.SqlState
                            is PostgresErrorCodes.DeadlockDetected
                                or PostgresErrorCodes.SerializationFailure
                    )
                {
                    Saw("deadlock"); // whoever writes tries again
                }
            }
        }

        private async Task StepAsync(Control writer, int command, int which)
        {
            switch (command)
            {
                case 0:
                    await SubmitAsync(writer);
                    break;
                case 1:
                    await writer.StartAsync();
                    break;
                case 2:
                    await writer.PauseAsync(await SweepAsync(which));
                    break;
                case 3 or 4:
                    await writer.ResumeAsync(await SweepAsync(which));
                    break;
                case 5:
                    await writer.RetryAsync(
                        await SweepAsync(which),
                        TrialState.Failed,
                        TrialState.Quarantined
                    );
                    break;
                case 6:
                    await writer.Sweeps.CancelAsync(
                        await SweepAsync(which % 7),
                        "test",
                        Control.Cancellation
                    );
                    break;
                case 7:
                    await writer.TickAsync();
                    break;
                case 8 or 9:
                    await ExpireAsync(writer, which);
                    break;
                case >= 10 and <= 13:
                    await LeaseAsync(writer, which);
                    break;
                case 14 when Attempt(which) is var (trial, token):
                    await writer.BeatAsync(trial, token, which);
                    break;
                case 15 when Attempt(which) is var (trial, token):
                    await AppendAsync(trial, token, which);
                    break;
                case >= 16 when Attempt(which) is var (trial, token):
                    await writer.CompleteAsync(
                        (which % 5) switch
                        {
                            0 => SomeTrials.Failed(trial, token, FailureKind.Crash),
                            1 => SomeTrials.Ended(trial, token, AttemptState.Drained),
                            2 => SomeTrials.Failed(trial, token, FailureKind.Job),
                            _ => SomeTrials.Completed(trial, token, which),
                        }
                    );
                    break;
            }
        }

        private async Task SubmitAsync(Control writer)
        {
            var number = Interlocked.Increment(ref _submits);
            await writer.SubmitAsync(
                SomeTrials.Sweep(
                    string.Create(CultureInfo.InvariantCulture, $"s{number}"),
                    [.. Enumerable.Range(number % 2, 3).Select(seed => SomeTrials.Trial(seed))],
                    maxCrashes: 3,
                    maxRetries: 1
                )
            );
        }

        private async Task<long> SweepAsync(int which)
        {
            var sweeps = await db.ListAsync<long>("select id from sweep order by id");
            return sweeps[which % sweeps.Count];
        }

        private async Task LeaseAsync(Control writer, int which)
        {
            var trials = await db.ListAsync<long>("select id from trial order by id");
            var trial = trials[which % trials.Count];
            if (await writer.LeaseAsync(trial, which % 2 == 0 ? "w1" : "w2") is { } token)
            {
                _attempts.Add((trial, token));
            }
        }

        private async Task ExpireAsync(Control writer, int which)
        {
            if (Attempt(which) is var (_, token))
            {
                await db.ExecuteAsync(
                    "update attempt set lease_until = '-infinity' where token = $1 and ended_at is null",
                    token
                );
                await writer.ExpireDueAsync();
            }
        }

        private async Task AppendAsync(long trial, long token, int which)
        {
            var reply = await _metrics.AppendAsync(
                new IngestRequest
                {
                    WorkerId = "w1",
                    Attempts =
                    [
                        new AttemptData
                        {
                            TrialId = trial,
                            Token = token,
                            Points =
                            [
                                new TrainerPoints("gradient_norm", [which], [which], [which]),
                            ],
                        },
                    ],
                },
                Control.Cancellation
            );
            var isKept = await _checkpoints.AddAsync(
                trial,
                token,
                which + 1,
                new string('a', 64),
                1,
                Control.Cancellation
            );
            if (reply.Refused.Count > 0 && !isKept)
            {
                Saw("stale data");
            }
        }

        private (long Trial, long Token)? Attempt(int which)
        {
            var attempts = _attempts.ToArray();
            return attempts.Length == 0 ? null : attempts[which % attempts.Length];
        }

        private void Saw(string what) => seen.AddOrUpdate(what, 1, (_, times) => times + 1);
    }
}
