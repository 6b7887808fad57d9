using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>R9, the worker's part: while no silo answers, trainers go on, and all is handed in later.</summary>
public sealed class OutageTests : WorkerTest
{
    // Six points of a curve, then a profile, each once the test lets it; then the result.
    private string Slow =>
        $$"""
            token=$(basename "$HOME")
            points 0 1; points 1 2
            while [ ! -e {{Scratch}}/go ]; do sleep 0.05; done
            for step in 2 3 4 5; do points $step $step; done
            say '{"event":"profile","name":"accuracy","axis":"lag","at":[1],"values":[0.5],"samples":null}'
            echo the log of $token >&2
            say '{{FakeTrainer.Result}}'
            """;

    [Theory]
    [InlineData(503)]
    [InlineData(null)]
    public async Task What_attempts_measure_in_an_outage_comes_afterwards_in_order(int? status)
    {
        var worker = Start(Slow);
        Silo.Give(1);
        Silo.Give(2);
        await worker.UntilAsync(() => Points(1).Count == 2 && Points(2).Count == 2, "no points");

        await LeaveAsync(status);
        await LetGoAsync();
        // Both ends are safe on disk before anybody asks for them.
        await worker.UntilAsync(() => Spooled("end") == 2, "the ends are not on disk");
        await ReturnAsync();

        await worker.UntilAsync(() => Silo.Completions.Count == 2, "no ends");
        foreach (var token in new long[] { 1, 2 })
        {
            Points(token).ShouldBe([0, 1, 2, 3, 4, 5]);
            var whole = Silo.Data.Where(data => data.Token == token).ToList();
            whole
                .SelectMany(data => data.Profiles)
                .ShouldHaveSingleItem()
                .Name.ShouldBe("accuracy");
            whole.SelectMany(data => data.Log).ShouldBe([$"the log of attempt-{token}"]);
            var end = Silo.Completions.Single(completion => completion.Token == token);
            end.State.ShouldBe(AttemptState.Completed);
            // Data first: a trial that has succeeded is whole.
            Silo.History.Last(what =>
                    what is AttemptData data && data.Token == token
                    || what is Completion { Token: var ended } && ended == token
                )
                .ShouldBe(end);
        }

        await worker.UntilAsync(() => Spooled("*") == 0, "the spool is not empty");
        Silo.Joins.Count.ShouldBe(1, "the worker went on");
    }

    [Fact]
    public async Task A_worker_that_died_in_an_outage_hands_in_in_its_next_life()
    {
        var worker = Start(Slow);
        Silo.Give(1);
        await worker.UntilAsync(() => Points(1).Count == 2, "no points");
        await LeaveAsync(503);
        await LetGoAsync();
        await worker.UntilAsync(() => Spooled("end") == 1, "the end is not on disk");
        await worker.KillAsync();
        Silo.Completions.ShouldBeEmpty();

        await ReturnAsync();
        var next = Start("hang");
        await next.UntilAsync(() => Silo.Completions.Count == 1, "no end");

        Points(1).ShouldBe([0, 1, 2, 3, 4, 5]);
        Silo.Completions.Single().Result!.Metrics["accuracy"].ShouldBe(1);
        Silo.History.Last().ShouldBeOfType<Completion>();
        await next.UntilAsync(() => Spooled("*") == 0, "the spool is not empty");
        Silo.Syncs.Select(sync => sync.WorkerId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task What_was_kept_for_another_database_is_not_handed_in()
    {
        var other = Directory
            .CreateDirectory(Path.Combine(Scratch, "w", "spool", "another"))
            .FullName;
        var spool = Worker.Spool.SpoolFolder.Open(other, 1 << 20);
        spool.End([], Storage.SomeTrials.Completed(10, 1), synced: false);

        var worker = Start($"say '{FakeTrainer.Result}'");
        Silo.Give(5);
        await worker.UntilAsync(() => !Silo.Completions.IsEmpty, "no end");
        worker.Terminate();
        (await worker.EndAsync()).ShouldBe(0, worker.Said);

        Silo.Completions.ShouldHaveSingleItem().Token.ShouldBe(5);
        Directory.GetFiles(other).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_worker_that_stops_in_an_outage_leaves_on_disk_what_it_could_not_tell()
    {
        var worker = Start(Slow);
        Silo.Give(1);
        await worker.UntilAsync(() => Points(1).Count == 2, "no points");
        await LeaveAsync(503);
        worker.Terminate();
        (await worker.EndAsync()).ShouldBe(0, worker.Said);

        await ReturnAsync();
        var next = Start("hang");
        await next.UntilAsync(() => Silo.Completions.Count == 1, "no end");
        Silo.Completions.Single().State.ShouldBe(AttemptState.Drained);
    }

    private List<int> Points(long token) =>
        [
            .. Silo
                .Data.Where(data => data.Token == token)
                .SelectMany(data => data.Points)
                .SelectMany(points => points.Steps)
                .Distinct(), // what is handed in twice is stored once
        ];

    private int Spooled(string kind)
    {
        var folder = Path.Combine(Scratch, "w", "spool", Silo.Store);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, $"*.*.*.{kind}").Length : 0;
    }

    private Task LetGoAsync() =>
        File.WriteAllTextAsync(Path.Combine(Scratch, "go"), "", Cancellation);

    private async Task LeaveAsync(int? status)
    {
        if (status is not null)
        {
            Silo.Status = _ => status;
        }
        else
        {
            await Silo.StopAsync();
        }
    }

    private async Task ReturnAsync()
    {
        if (Silo.Status("sync") is null)
        {
            await Silo.StartAgainAsync();
        }

        Silo.Status = _ => null;
    }
}
