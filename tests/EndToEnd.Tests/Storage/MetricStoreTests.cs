using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Storage.Metrics;
using Harness.Storage.Readers;

namespace Harness.EndToEnd.Tests.Storage;

/// <summary>What attempts measure: once each, and of the current attempt only.</summary>
public sealed class MetricStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase _db = null!;
    private Control _control = null!;
    private MetricStore _metrics = null!;
    private long _trial;

    public async ValueTask InitializeAsync()
    {
        _db = await postgres.CreateAsync();
        _control = new Control(_db);
        _metrics = new MetricStore(_db.Silo);
        await _control.StartAsync("w1", "w2");
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("metrics", [SomeTrials.Trial(1)])
        );
        _trial = trials[0];
    }

    public async ValueTask DisposeAsync()
    {
        if (_db is not null)
        {
            await _db.DisposeAsync();
        }
    }

    [Fact]
    public async Task Data_that_come_twice_are_there_once()
    {
        var token = (await _control.LeaseAsync(_trial, "w1"))!.Value;
        var request = Request(token, Points(0, 300), log: ["one", "two"]);

        (await AppendAsync(request)).Refused.ShouldBeEmpty();
        (await AppendAsync(request)).Refused.ShouldBeEmpty();

        (await _db.ScalarAsync<long>("select count(*) from v1_metrics")).ShouldBe(300);
        (await _db.ScalarAsync<long>("select count(*) from v1_profiles")).ShouldBe(2);
        (await new TrialReader(_db.Read).LogAsync(_trial, Control.Cancellation)).ShouldBe([
            "one",
            "two",
        ]);
        // No row holds more than 256 points.
        (await _db.ScalarAsync<long>("select count(*) from metric_chunk")).ShouldBe(2);
        (await _db.ScalarAsync<int>("select step from v1_metric_last")).ShouldBe(299);
    }

    [Fact]
    public async Task R4_data_of_an_attempt_that_was_replaced_are_refused_and_not_shown()
    {
        var first = (await _control.LeaseAsync(_trial, "w1"))!.Value;
        await AppendAsync(Request(first, Points(0, 10), log: ["first"]));
        await _control.ExpireAllAsync();
        var second = (await _control.LeaseAsync(_trial, "w2"))!.Value;

        (await AppendAsync(Request(first, Points(10, 10)))).Refused.ShouldBe([first]);
        (await AppendAsync(Request(second, Points(0, 5), log: ["second"]))).Refused.ShouldBeEmpty();

        var curves = await new TrialReader(_db.Read).CurvesAsync(
            1,
            "train_loss",
            100,
            Control.Cancellation
        );
        curves.ShouldHaveSingleItem().At.ShouldBe([0, 1, 2, 3, 4]);
        (await new TrialReader(_db.Read).LogAsync(_trial, Control.Cancellation)).ShouldBe([
            "second",
        ]);
        (await _db.ScalarAsync<int>("select step from v1_metric_last")).ShouldBe(4);
    }

    [Fact]
    public async Task Data_after_the_end_change_nothing()
    {
        var token = (await _control.LeaseAsync(_trial, "w1"))!.Value;
        await _control.CompleteAsync(SomeTrials.Completed(_trial, token));

        (await AppendAsync(Request(token, Points(0, 10)))).Refused.ShouldBe([token]);

        (await _db.ScalarAsync<long>("select count(*) from metric_chunk")).ShouldBe(0);
    }

    [Fact]
    public async Task NaN_and_infinity_are_kept_and_a_NUL_in_a_log_line_breaks_nothing()
    {
        var token = (await _control.LeaseAsync(_trial, "w1"))!.Value;
        var points = new TrainerPoints(
            "train_loss",
            [1, 2, 3],
            [double.NaN, double.PositiveInfinity, 0.5],
            [0.1, 0.2, 0.3]
        );

        (
            await AppendAsync(Request(token, points, log: ["a\0b", new string('x', 9_000)]))
        ).Refused.ShouldBeEmpty();

        var curve = await new TrialReader(_db.Read).FindAsync(_trial, Control.Cancellation);
        curve!
            .Curves.Single(row => row.Name == "train_loss")
            .Values.ShouldBe([double.NaN, double.PositiveInfinity, 0.5]);
        var log = await new TrialReader(_db.Read).LogAsync(_trial, Control.Cancellation);
        log[0].ShouldBe("a\u2400b");
        log[1].Length.ShouldBe(4_096);
    }

    public static TheoryData<TrainerPoints, string> Malformed() =>
        new()
        {
            {
                new("a name with spaces", [1], [1], [1]),
                "the name of the metric 'a name with spaces'"
            },
            { new("x'; drop table trial; --", [1], [1], [1]), "other characters than letters" },
            { new(new string('a', 10_240), [1], [1], [1]), "a name of 10240 characters, and 64" },
            { new("", [1], [1], [1]), "a metric has no name" },
            { new("x", [2, 1], [1, 1], [1, 1]), "x has step 1 behind step 2, and steps rise" },
            { new("x", [2, 2], [1, 1], [1, 1]), "x has step 2 behind step 2" },
            { new("x", [-1], [1], [1]), "x has the step -1, and steps begin at 0" },
            { new("x", [1], [1, 2], [1]), "x has 1 points and 2 values" },
            { new("x", [], [], []), "x comes without a point" },
        };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_curve_is_a_fault_of_its_attempt_alone(
        TrainerPoints points,
        string reason
    )
    {
        var token = (await _control.LeaseAsync(_trial, "w1"))!.Value;
        var other = Request(token, Points(0, 3)).Attempts[0] with { TrialId = 0, Token = 0 };
        var request = Request(token, points);
        var reply = await AppendAsync(request with { Attempts = [.. request.Attempts, other] });

        var fault = reply.Faults.ShouldNotBeNull().ShouldHaveSingleItem();
        fault.Token.ShouldBe(token);
        fault.Reason.ShouldContain(reason);
        // The other one is merely not current: nothing of the one is held against it.
        reply.Refused.ShouldBe([0]);
    }

    private Task<IngestReply> AppendAsync(IngestRequest request) =>
        _metrics.AppendAsync(request, Control.Cancellation);

    private IngestRequest Request(
        long token,
        TrainerPoints points,
        IReadOnlyList<string>? log = null
    ) =>
        new()
        {
            WorkerId = "w1",
            Attempts =
            [
                new AttemptData
                {
                    TrialId = _trial,
                    Token = token,
                    Points = [points],
                    Profiles =
                    [
                        new TrainerProfile("accuracy", "lag", [10, 30], [0.9, 0.4], [100, 200]),
                    ],
                    Log = log ?? [],
                },
            ],
        };

    private static TrainerPoints Points(int first, int count) =>
        new(
            "train_loss",
            [.. Enumerable.Range(first, count)],
            [.. Enumerable.Range(first, count).Select(step => 1.0 / (step + 1))],
            [.. Enumerable.Range(first, count).Select(step => step * 0.01)]
        );
}
