using Harness.Domain;
using Harness.Domain.Trials;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>A silo that says no: to a worker, to what one attempt measured, to how one ended.</summary>
public sealed class RefusalTests : WorkerTest
{
    private static readonly string Done = $"points 0 1\nsay '{FakeTrainer.Result}'";

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(426)]
    [InlineData(400)]
    public async Task A_worker_that_is_refused_says_one_sentence_and_ends(int status)
    {
        Silo.Status = _ => status;
        var worker = Start(Done);

        (await worker.EndAsync()).ShouldBe(HarnessException.Infrastructure, worker.Said);
        var lines = worker.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldHaveSingleItem().ShouldContain($"The test answers {status}.");
    }

    [Fact]
    public async Task A_silo_with_another_token_ends_a_worker_which_keeps_what_it_has()
    {
        var worker = Start($"points 0 1\nhang");
        Silo.Give(1);
        await worker.UntilAsync(() => !Silo.Data.IsEmpty, "no points");
        Silo.Status = _ => 401;

        (await worker.EndAsync()).ShouldBe(HarnessException.Infrastructure, worker.Said);
        worker.Said.ShouldContain("refuses this worker");
        worker.Said.ShouldNotContain("   at ");
        Directory.GetFiles(Path.Combine(Scratch, "w", "spool", Silo.Store)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_silo_that_starts_again_with_the_same_token_ends_no_worker()
    {
        var worker = Start("hang");
        Silo.Give(1);
        await worker.UntilAsync(() => Beats(1) > 0, "no heartbeat");
        await Silo.StopAsync();
        await Silo.StartAgainAsync();
        var before = Beats(1);
        await worker.UntilAsync(() => Beats(1) > before, "no heartbeat after the restart");

        worker.Terminate();
        (await worker.EndAsync()).ShouldBe(0, worker.Said);
    }

    [Theory]
    [InlineData(422)]
    [InlineData(413)]
    [InlineData(400)]
    [InlineData(null)]
    public async Task Data_that_are_refused_for_good_fail_their_attempt_alone(int? status)
    {
        // With a status: the message as a whole; without: a silo that says what is wrong with whose data.
        Silo.Status = call => call == "ingest" && !Allowed ? status : null;
        Silo.Fault = data =>
            status is null && data.Token == 1 ? "x has step 1 behind step 2" : null;
        var worker = Start("points 0 1\nhang");
        Silo.Give(1);
        await worker.UntilAsync(() => !Silo.Completions.IsEmpty, "no end");
        Allowed = true;

        var end = Silo.Completions.Single();
        end.State.ShouldBe(AttemptState.Failed);
        end.Failure.ShouldBe(FailureKind.Protocol);
        end.Message.ShouldBe(
            $"What the attempt reported is refused: {(status is null ? "x has step 1 behind step 2" : $"The test answers {status}")}."
        );
        Silo.Give(2);
        await worker.UntilAsync(() => Silo.Data.Any(data => data.Token == 2), "the other waits");
    }

    [Fact]
    public async Task Data_that_are_refused_after_the_end_make_the_result_a_failure()
    {
        Silo.Fault = data => data.Points.Count > 0 ? "no" : null;
        var worker = Start(Done);
        Silo.Give(1);
        await worker.UntilAsync(() => !Silo.Completions.IsEmpty, "no end");

        var end = Silo.Completions.Single();
        end.Failure.ShouldBe(FailureKind.Protocol);
        end.Result.ShouldBeNull();
    }

    [Theory]
    [InlineData(422)]
    [InlineData(413)]
    [InlineData(400)]
    public async Task Of_several_ends_only_the_one_that_is_refused_becomes_a_failure(int status)
    {
        Silo.SyncStatus = request =>
            request.Completed.Any(end => end.Token == 2 && end.Result is not null) ? status : null;
        Silo.Status = call => call == "sync" && !Allowed ? 503 : null;
        var worker = Start(Done);
        Allowed = true;
        Enumerable.Range(1, 3).ToList().ForEach(token => Silo.Give(token));
        await worker.UntilAsync(
            () => Silo.Syncs.Any(sync => sync.Heartbeats.Count > 0),
            "no lease"
        );
        await worker.UntilAsync(() => Silo.Completions.Count == 3, "not all ends came");

        Silo.Completions.Where(end => end.State == AttemptState.Completed)
            .Select(end => end.Token)
            .Order()
            .ShouldBe([1, 3]);
        var refused = Silo.Completions.Single(end => end.Token == 2);
        refused.Failure.ShouldBe(FailureKind.Protocol);
        refused.Message.ShouldBe(
            $"What the attempt reported is refused: The test answers {status}."
        );
    }

    [Fact]
    public async Task An_end_that_is_refused_whatever_it_says_is_forgotten()
    {
        Silo.SyncStatus = request => request.Completed.Any(end => end.Token == 1) ? 422 : null;
        var worker = Start(Done);
        Silo.Give(1);
        await worker.UntilAsync(() => worker.Said.Contains("forgotten"), "it is told for ever");

        Silo.Give(2);
        await worker.UntilAsync(() => Silo.Completions.Any(end => end.Token == 2), "no other end");
        Directory
            .GetFiles(Path.Combine(Scratch, "w", "spool", Silo.Store), "*.1.end")
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_stops_hands_its_attempts_back_within_ten_seconds()
    {
        var worker = Start("trap '' TERM; hang");
        Silo.Give(1);
        Silo.Give(2);
        await worker.UntilAsync(() => Beats(1) > 0 && Beats(2) > 0, "no heartbeats");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        worker.Terminate();
        (await worker.EndAsync()).ShouldBe(0, worker.Said);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        Silo.Completions.Select(end => end.State)
            .ShouldBe([AttemptState.Drained, AttemptState.Drained]);
        Silo.Syncs.Last().Draining.ShouldBeTrue();
        Silo.Syncs.Last().Heartbeats.ShouldBeEmpty();
        Directory.GetDirectories(Path.Combine(Scratch, "w"), "attempt-*").ShouldBeEmpty();
    }

    private bool Allowed { get; set; }

    private int Beats(long token) =>
        Silo.Syncs.Count(sync => sync.Heartbeats.Any(beat => beat.Token == token && beat.Started));
}
