using System.Security.Cryptography;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Training.Checkpoints;

namespace Harness.Training.Tests.Processes;

/// <summary>A trial that goes on from a checkpoint is the trial that never stopped.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Every = 6; // of 20 steps: the last stretch is shorter
    private const int Steps = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("harness-resume").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Cases() =>
        [.. Catalogs.Shipped.Models.Select(model => (model.Entry.Name, "adamw")), ("gru", "sgd")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_ends_with_the_same_bits_from_every_checkpoint(string model, string optimizer)
    {
        var spec = Spec(model).With("optimizer", optimizer);
        var whole = Recorded.Run(spec, files: Files());
        var kept = whole.Events.OfType<TrainerCheckpoint>().ToList();
        kept.Select(one => one.Step).ShouldBe([6, 12, 18]);

        foreach (var checkpoint in kept)
        {
            Hash(checkpoint.File).ShouldBe(checkpoint.Hash);
            var resumed = Recorded.Run(spec, files: Files(checkpoint.File));

            resumed.Result.ParameterHash.ShouldBe(whole.Result.ParameterHash.ShouldNotBeNull());
            resumed.Result.Metrics["resumed_step"].ShouldBe(checkpoint.Step);
            foreach (var curve in new[] { "train_loss", "gradient_norm" })
            {
                var all = whole.Curve(curve);
                all.Length.ShouldBe(Steps);
                resumed.Curve(curve).ShouldBe(all[checkpoint.Step..], curve);
                FirstStep(resumed, curve).ShouldBe(checkpoint.Step);
            }

            foreach (var profile in new[] { "accuracy", "loss" })
            {
                resumed.Profile(profile).Values.ShouldBe(whole.Profile(profile).Values);
            }

            foreach (var metric in new[] { "loss", "accuracy", "loss_drift", "clipped_share" })
            {
                resumed.Result.Metrics[metric].ShouldBe(whole.Result.Metrics[metric], metric);
            }
        }
    }

    [Fact]
    public void Its_checkpoints_are_those_of_the_trial_that_never_stopped()
    {
        var whole = Recorded.Run(Spec("lstm"), files: Files());
        var first = whole.Events.OfType<TrainerCheckpoint>().First();
        var middle = Recorded.Run(Spec("lstm"), files: Files(first.File, "again"));
        var last = middle.Events.OfType<TrainerCheckpoint>().Last();

        last.Step.ShouldBe(18);
        Recorded
            .Run(Spec("lstm"), files: Files(last.File))
            .Result.ParameterHash.ShouldBe(whole.Result.ParameterHash.ShouldNotBeNull());
    }

    [Fact]
    public void Its_times_and_its_memory_are_not_shown_as_the_trials()
    {
        var spec = Spec("gru").With("probes", "memory,throughput").With("steps", 60L);
        var whole = Recorded.Run(spec, files: Files());
        var metrics = Recorded
            .Run(spec, files: Files(whole.Events.OfType<TrainerCheckpoint>().First().File))
            .Result.Metrics;

        foreach (
            var name in new[]
            {
                "cpu_seconds",
                "wall_seconds",
                "first_step_cpu_seconds",
                "peak_memory_bytes",
                "activation_bytes",
                "calibration_before",
            }
        )
        {
            whole.Result.Metrics.Keys.ShouldContain(name);
            metrics.Keys.ShouldNotContain(name);
        }
    }

    [Fact]
    public void Without_the_setting_none_is_kept() =>
        Recorded
            .Run(Spec("rnn").With("checkpoint_every", 0L), files: Files())
            .Events.OfType<TrainerCheckpoint>()
            .ShouldBeEmpty();

    [Fact]
    public void The_time_before_it_counts_for_the_cap()
    {
        var spec = Spec("rnn");
        var path = Recorded
            .Run(spec, files: Files())
            .Events.OfType<TrainerCheckpoint>()
            .First()
            .File;
        using (var reader = new BinaryReader(File.OpenRead(path)))
        {
            reader.ReadString();
            reader.ReadString();
            TrainingState.Read(reader, Steps).SecondsBefore.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task Another_process_goes_on_where_one_was_asked_to_end()
    {
        var spec = Spec("transformer").With("steps", 100_000L).With("checkpoint_every", 90_000L);
        using var asked = TrainerProcess.Start();
        await asked.SayAsync(TrainerProcess.Line(spec, Files()));
        await asked.HearAsync<TrainerProgress>();
        asked.Terminate();
        var ended = await asked.EndAsync();

        ended.ExitCode.ShouldBe(143);
        ended.Recorded.Events.OfType<TrainerResult>().ShouldBeEmpty();
        var kept = ended.Recorded.Events[^1].ShouldBeOfType<TrainerCheckpoint>();
        kept.Step.ShouldBeGreaterThan(0);

        using var next = TrainerProcess.Start();
        await next.SayAsync(TrainerProcess.Line(spec, Files(kept.File, "next")));
        (await next.HearAsync<TrainerPoints>()).Steps[0].ShouldBe(kept.Step);
    }

    [Fact]
    public async Task A_checkpoint_that_is_damaged_or_another_trials_is_refused()
    {
        var spec = Spec("gru");
        var path = Recorded
            .Run(spec, files: Files())
            .Events.OfType<TrainerCheckpoint>()
            .First()
            .File;

        (await RefusedAsync(spec with { Seed = 2 }, path)).ShouldContain("is another trial's");
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var cut = Path.Combine(_folder, "cut");
        await File.WriteAllBytesAsync(
            cut,
            bytes[..(bytes.Length / 2)],
            TestContext.Current.CancellationToken
        );
        (await RefusedAsync(spec, cut)).ShouldStartWith("The checkpoint cannot be read");
        (await RefusedAsync(spec, Path.Combine(_folder, "none"))).ShouldContain("cannot be read");
    }

    private async Task<string> RefusedAsync(TrialSpec spec, string path)
    {
        var ended = await TrainerProcess.RunAsync(TrainerProcess.Line(spec, Files(path)));
        ended.ExitCode.ShouldBe(HarnessException.Infrastructure);
        var failure = ended.Recorded.Events[^1].ShouldBeOfType<TrainerFailure>();
        failure.Kind.ShouldBe(FailureKind.Checkpoint);
        return failure.Message;
    }

    private static TrialSpec Spec(string model) =>
        SomeTrial
            .Of(model, "copy-memory")
            .With("data_type", "float32")
            .With("probes", "")
            .With("steps", (long)Steps)
            .With("checkpoint_every", (long)Every);

    private CheckpointFiles Files(string? resume = null, string folder = "kept") =>
        new(
            Directory
                .CreateDirectory(Path.Combine(_folder, resume is null ? folder : $"{folder}-2"))
                .FullName,
            resume
        );

    private static int FirstStep(Recorded recorded, string curve) =>
        recorded.Events.OfType<TrainerPoints>().First(points => points.Metric == curve).Steps[0];

    private static string Hash(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
