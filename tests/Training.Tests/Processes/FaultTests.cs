using System.Diagnostics;
using System.IO.Compression;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Training.Tasks;

namespace Harness.Training.Tests.Processes;

/// <summary>What goes wrong around a trainer: it says one sentence as its last event, and ends with the code of the README.</summary>
public sealed class FaultTests
{
    private static readonly TrialSpec Short = SomeTrial.Of("rnn", "parity").With("steps", 2);

    [Fact]
    public async Task A_trial_goes_in_and_its_result_comes_out()
    {
        var ended = await TrainerProcess.RunAsync(TrainerProcess.Line(Short));
        ended.ExitCode.ShouldBe(0, ended.Errors);
        ended.Errors.ShouldBeEmpty();
        var events = ended.Recorded.Events;
        events[0].ShouldBeOfType<TrainerHello>().Numerics.ShouldBe(Numerics.Version);
        events[1].ShouldBeOfType<TrainerStarted>().Steps.ShouldBe(2);
        events[^1].ShouldBeOfType<TrainerResult>().Outcome.ShouldBe(TrialOutcome.Ok);
    }

    [Fact]
    public async Task A_trial_in_a_file_runs_alone()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                TrainerProcess.Line(Short),
                TestContext.Current.CancellationToken
            );
            using var trainer = TrainerProcess.StartOn(file);
            var ended = await trainer.EndAsync();
            ended.ExitCode.ShouldBe(0, ended.Errors);
            ended.Recorded.Result.Outcome.ShouldBe(TrialOutcome.Ok);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("", "is no trial")]
    [InlineData("{", "is no trial")]
    [InlineData("null", "is no trial")]
    [InlineData("{\"protocol\":1}", "'trial'")]
    [InlineData("{\"protocol\":1,\"trial\":{},\"sede\":1}", "'model'")]
    [InlineData("[1,2,3]", "is no trial")]
    public async Task A_line_that_is_no_trial_is_bad_input(string line, string names)
    {
        var ended = await TrainerProcess.RunAsync(line);
        ended.ExitCode.ShouldBe(HarnessException.BadInput, ended.Errors);
        Sentence(ended, FailureKind.Job).ShouldContain(names);
    }

    [Fact]
    public async Task A_key_that_nobody_knows_is_bad_input()
    {
        var line = TrainerProcess.Line(Short).Replace("\"seed\"", "\"sede\"");
        var ended = await TrainerProcess.RunAsync(line);
        ended.ExitCode.ShouldBe(HarnessException.BadInput, ended.Errors);
        Sentence(ended, FailureKind.Job).ShouldContain("sede");
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_refused_before_its_end()
    {
        using var trainer = TrainerProcess.Start();
        // No end of line ever comes, and nothing is closed.
        await trainer.SayAsync(new string('x', 2 * RequestLine.MaxBytes));
        var ended = await trainer.EndAsync();
        ended.ExitCode.ShouldBe(HarnessException.BadInput, ended.Errors);
        Sentence(ended, FailureKind.Job).ShouldContain("longer than 1048576 bytes");
    }

    [Fact]
    public async Task Nothing_on_standard_input_is_bad_input()
    {
        using var trainer = TrainerProcess.Start();
        trainer.Close();
        var ended = await trainer.EndAsync();
        ended.ExitCode.ShouldBe(HarnessException.BadInput, ended.Errors);
        Sentence(ended, FailureKind.Job).ShouldContain("one line of JSON");
    }

    [Fact]
    public async Task A_trial_that_leaves_a_setting_open_is_bad_input()
    {
        var spec = Short with { Settings = new(Short.Settings) };
        spec.Settings.Remove("clip");
        var ended = await TrainerProcess.RunAsync(TrainerProcess.Line(spec));
        ended.ExitCode.ShouldBe(HarnessException.BadInput, ended.Errors);
        Sentence(ended, FailureKind.Job).ShouldBe("The trial leaves settings open: give it clip.");
    }

    [Fact]
    public async Task A_trial_of_another_version_is_for_another_worker()
    {
        foreach (
            var spec in new[]
            {
                Short with
                {
                    Numerics = Numerics.Version + 1,
                },
                Short with
                {
                    DataHash = new string('0', 64),
                },
            }
        )
        {
            var ended = await TrainerProcess.RunAsync(TrainerProcess.Line(spec));
            ended.ExitCode.ShouldBe(HarnessException.Infrastructure, ended.Errors);
            Sentence(ended, FailureKind.Start).ShouldContain("a worker of the same version");
        }
    }

    [Fact]
    public async Task A_trainer_whose_lifeline_is_cut_ends_soon()
    {
        using var trainer = TrainerProcess.Start();
        await trainer.SayAsync(TrainerProcess.Line(Short.With("steps", 10_000_000)));
        await trainer.HearAsync<TrainerProgress>();
        var clock = Stopwatch.StartNew();
        trainer.Close();
        var ended = await trainer.EndAsync();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        ended.ExitCode.ShouldBe(1);
        ended.Recorded.Events.OfType<TrainerResult>().ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_corpus_names_the_command_that_installs_it() =>
        Should
            .Throw<DataException>(() =>
                (Corpus.DevilsDictionary with { File = "no-such-text.dz" }).Read()
            )
            .Message.ShouldBe(
                "The corpus no-such-text.dz is not there: run `./dev data` or `apt-get install dict-devil`, or set HARNESS_DATA to its folder."
            );

    [Fact]
    public async Task Another_text_in_the_place_of_the_corpus_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("harness-corpus-").FullName;
        try
        {
            var file = Path.Combine(folder, Corpus.DevilsDictionary.File);
            await using (var text = new GZipStream(File.Create(file), CompressionLevel.Fastest))
            {
                text.Write("another book"u8);
            }

            var ended = await TrainerProcess.RunAsync(
                TrainerProcess.Line(SomeTrial.Of("rnn", "char-lm")),
                null,
                ("HARNESS_DATA", folder)
            );
            ended.ExitCode.ShouldBe(HarnessException.Infrastructure, ended.Errors);
            var failure = ended.Recorded.Events[^1].ShouldBeOfType<TrainerFailure>();
            failure.Kind.ShouldBe(FailureKind.Data);
            failure.Message.ShouldContain("is not the catalogued text");
            failure.Message.ShouldContain("./dev data");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("libtorch_cpu.so", null, "libtorch_cpu.so is not beside the program")]
    [InlineData("libLibTorchSharp.so", "no library", "libLibTorchSharp.so: file too short")]
    [InlineData("libc10.so", null, "libc10.so: cannot open shared object file")]
    public async Task A_native_library_that_does_not_load_is_named_with_the_cause(
        string library,
        string? instead,
        string cause
    )
    {
        // Beside the original: hard links need the same file system.
        var folder = Path.Combine(
            TrainerProcess.Folder,
            "..",
            $"broken-{library}-{Environment.ProcessId}"
        );
        try
        {
            using (var copy = Process.Start("cp", ["-al", TrainerProcess.Folder, folder]))
            {
                await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            var file = Path.Combine(folder, library);
            File.Delete(file);
            if (instead is not null)
            {
                await File.WriteAllTextAsync(file, instead, TestContext.Current.CancellationToken);
            }

            var ended = await TrainerProcess.RunAsync(TrainerProcess.Line(Short), folder);
            ended.ExitCode.ShouldBe(HarnessException.Infrastructure, ended.Errors);
            Sentence(ended, FailureKind.Start).ShouldContain(cause);
            ended.Failure.Message.ShouldContain("rebuild with ./harness");
            Directory
                .Exists(Path.Combine(folder, "cpu"))
                .ShouldBeFalse("half a gigabyte was copied");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The only event, and a sentence: no stack, no second line.
    private static string Sentence(TrainerProcess.Ended ended, FailureKind kind)
    {
        ended.Errors.ShouldBeEmpty();
        var failure = ended.Failure;
        failure.Kind.ShouldBe(kind);
        failure.Message.ShouldNotContain("\n");
        failure.Message.ShouldEndWith(".");
        failure.Message.ShouldNotContain("   at ");
        return failure.Message;
    }
}
