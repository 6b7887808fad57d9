using System.Security.Cryptography;
using System.Text;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>What a worker does with its trainers' checkpoints.</summary>
public sealed class CheckpointTests : WorkerTest
{
    // `keep STEP TEXT` writes one as a trainer does; `folder` and `resume` are what it was told.
    private const string Tools = """
        folder=$(printf %s "$request" | grep -o '"folder":"[^"]*"' | cut -d'"' -f4)
        resume=$(printf %s "$request" | grep -o '"resume":"[^"]*"' | cut -d'"' -f4)
        keep() {
            printf %s "$2" > "$folder/step-$1"
            hash=$(sha256sum "$folder/step-$1" | cut -d' ' -f1)
            say '{"event":"checkpoint","step":'$1',"file":"'$folder/step-$1'","hash":"'$hash'"}'
        }
        """;

    [Fact]
    public async Task What_a_checkpoint_continues_is_there_before_it()
    {
        var worker = Start($"{Tools}\npoints 0 1; points 1 2; keep 2 learnt; hang");
        Silo.Give(1, Kept());

        await worker.UntilAsync(
            () => Silo.Checkpoints.ContainsKey(Hash("learnt")),
            "no checkpoint"
        );

        Silo.Checkpoints[Hash("learnt")].ShouldBe(Encoding.UTF8.GetBytes("learnt"));
        Silo.History.TakeWhile(what => what is not string)
            .OfType<AttemptData>()
            .SelectMany(data => data.Points)
            .SelectMany(points => points.Steps)
            .ShouldBe([0, 1]);
        await worker.UntilAsync(() => Files() == 0, "it lies in the worker's folder still");
    }

    [Fact]
    public async Task A_worker_that_drains_hands_in_what_its_trainer_had_learnt()
    {
        var worker = Start($"{Tools}\ntrap 'keep 7 last; exit 143' TERM\npoints 0 1\nhang");
        Silo.Give(1, Kept());
        await worker.UntilAsync(() => !Silo.Data.IsEmpty, "no points");

        worker.Terminate();
        (await worker.EndAsync()).ShouldBe(0, worker.Said);

        Silo.Completions.ShouldHaveSingleItem().State.ShouldBe(AttemptState.Drained);
        Silo.History.SkipWhile(what => what is not string)
            .Select(what => what is Completion ? "the end" : what)
            .ShouldBe([Hash("last"), "the end"]);
    }

    [Fact]
    public async Task An_attempt_goes_on_from_the_bytes_that_the_silo_keeps()
    {
        Silo.Checkpoints[Hash("learnt")] = Encoding.UTF8.GetBytes("learnt");
        var worker = Start($"{Tools}\ncat $resume >&2; say '{FakeTrainer.Result}'");
        Silo.Give(1, Kept(), new StoredCheckpoint(5, Hash("learnt"), 6));

        await worker.UntilAsync(() => !Silo.Completions.IsEmpty, "no end");
        Silo.Completions.Single().State.ShouldBe(AttemptState.Completed);
        Silo.Data.SelectMany(data => data.Log).ShouldBe(["learnt"]);
    }

    [Theory]
    [InlineData("other bytes", "is damaged")]
    [InlineData(null, "404")]
    public async Task Bytes_that_are_damaged_or_gone_fail_the_attempt_by_its_checkpoint(
        string? bytes,
        string reason
    )
    {
        if (bytes is not null)
        {
            Silo.Checkpoints[Hash("learnt")] = Encoding.UTF8.GetBytes(bytes);
        }

        var worker = Start("hang");
        Silo.Give(1, Kept(), new StoredCheckpoint(5, Hash("learnt"), 6));

        await worker.UntilAsync(() => !Silo.Completions.IsEmpty, "no end");
        var end = Silo.Completions.Single();
        (end.State, end.Failure).ShouldBe((AttemptState.Failed, FailureKind.Checkpoint));
        end.Message.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task A_silo_that_is_away_is_asked_again()
    {
        Silo.Checkpoints[Hash("learnt")] = Encoding.UTF8.GetBytes("learnt");
        var asked = 0;
        Silo.Status = call => call == "checkpoints" && ++asked < 3 ? 503 : null;
        var worker = Start($"{Tools}\nkeep 6 more; sleep 3; say '{FakeTrainer.Result}'");
        Silo.Give(1, Kept(), new StoredCheckpoint(5, Hash("learnt"), 6));

        await worker.UntilAsync(() => Silo.Checkpoints.ContainsKey(Hash("more")), "not brought");
        await worker.UntilAsync(() => !Silo.Completions.IsEmpty, "no end");
        Silo.Completions.Single().State.ShouldBe(AttemptState.Completed);
    }

    [Fact]
    public async Task One_that_is_not_kept_costs_the_trial_nothing_and_is_told_in_its_log()
    {
        Silo.Status = call => call == "checkpoints" ? 507 : null;
        var worker = Start($"{Tools}\nkeep 2 learnt; sleep 2; say '{FakeTrainer.Result}'");
        Silo.Give(1, Kept());

        await worker.UntilAsync(() => !Silo.Completions.IsEmpty, "no end");
        Silo.Completions.Single().State.ShouldBe(AttemptState.Completed);
        Silo.Data.SelectMany(data => data.Log)
            .ShouldHaveSingleItem()
            .ShouldContain("the checkpoint of step 2 is not kept: The test answers 507.");
    }

    [Fact]
    public async Task A_file_outside_the_folder_that_it_was_given_breaks_the_protocol()
    {
        var file = Path.Combine(Scratch, "precious");
        await File.WriteAllTextAsync(file, "precious", Cancellation);
        var worker = Start(
            $$"""say '{"event":"checkpoint","step":1,"file":"{{file}}","hash":"{{Hash("precious")}}"}'; hang"""
        );
        Silo.Give(1, Kept());

        await worker.UntilAsync(() => !Silo.Completions.IsEmpty, "no end");
        Silo.Completions.Single().Failure.ShouldBe(FailureKind.Protocol);
        File.Exists(file).ShouldBeTrue();
        Silo.Checkpoints.ShouldBeEmpty();
    }

    private static TrialSpec Kept()
    {
        var spec = SomeTrials.Trial(1);
        spec.Settings["checkpoint_every"] = SettingValue.Of(1L);
        return spec;
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private int Files() =>
        Directory
            .GetDirectories(Path.Combine(Scratch, "w"), "checkpoint-*")
            .Sum(folder => Directory.GetFiles(folder).Length);
}
