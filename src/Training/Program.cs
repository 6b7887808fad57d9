using System.Runtime.InteropServices;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Training;
using Harness.Training.Tasks;

// harness-train: one line of JSON in, one event a line out. `--catalogue` prints what it offers, `--check` tries libtorch.
try
{
    switch (args)
    {
        case ["--catalogue"]:
            Console.WriteLine(JsonSerializer.Serialize(Numerics.Catalogue, ReadableJson.Options));
            return 0;
        case ["--check"]:
            Console.WriteLine($"ok {Backend.Load(threads: 1)["libtorch"]}");
            return 0;
        case []:
            return Lifeline.Train();
        default:
            throw new HarnessException(
                "The trainer takes its trial on standard input, or one of --catalogue and --check.",
                HarnessException.BadInput
            );
    }
}
catch (HarnessException error)
{
    Console.Error.WriteLine(error.Message);
    return error.ExitCode;
}

/// <summary>The trainer under a worker.</summary>
internal static partial class Lifeline
{
    public static int Train()
    {
        // A group of its own: whoever ends it ends what it may have started.
        _ = SetProcessGroup(0, 0);
        var input = new StreamReader(Console.OpenStandardInput());
        var line = input.ReadLine();
        var watch = new Thread(() => EndWith(input)) { IsBackground = true, Name = "lifeline" };
        watch.Start();

        var events = new EventWriter(Console.OpenStandardOutput());
        using var trace = TrainerTrace.Begin(); // ends after the last event: no result waits for a collector
        try
        {
            var spec = Read(line);
            var runtime = Backend.Load(spec.Integer("threads"));
            events.Write(new TrainerHello(TrainerRequest.Version, Numerics.Version, runtime));
            TrainerTrace.Span(
                "train",
                new TrainingRun(spec, events).Run,
                ("harness.model", spec.Model),
                ("harness.task", spec.Task),
                ("harness.seed", spec.Seed),
                ("harness.steps", spec.Integer("steps"))
            );
        }
        catch (HarnessException error) when (error.ExitCode == HarnessException.Infrastructure)
        {
            events.Write(new TrainerFailure(FailureKind.Start, error.Message));
        }
        catch (DataException error)
        {
            events.Write(new TrainerFailure(DataException.Kind, error.Message));
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            events.Write(new TrainerFailure(FailureKind.Job, error.Message.Split('\n')[0]));
        }

        return 0;
    }

    private static TrialSpec Read(string? line)
    {
        var request =
            JsonSerializer.Deserialize(line ?? "", DomainJson.Default.TrainerRequest)
            ?? throw new JsonException("the request is null");
        if (
            request.Protocol != TrainerRequest.Version
            || request.Trial.Numerics != Numerics.Version
        )
        {
            throw new HarnessException(
                $"This trainer speaks protocol {TrainerRequest.Version} with numerics {Numerics.Version}; the trial asks for "
                    + $"{request.Protocol} and {request.Trial.Numerics}: use a worker of the same version as the silo.",
                HarnessException.Infrastructure
            );
        }

        return request.Trial;
    }

    // The worker holds the other end of standard input; when it dies, nobody is left to hear the result.
    private static void EndWith(StreamReader input)
    {
        while (input.Read() >= 0) { }
        EndNow(1);
    }

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetProcessGroup(int process, int group);

    // Not Environment.Exit: native code may be deep in a kernel, and finalisers would wait for it.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int code);
}
