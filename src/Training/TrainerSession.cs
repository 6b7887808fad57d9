using System.Runtime.InteropServices;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Training.Checkpoints;
using Harness.Training.Measure;
using Harness.Training.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Harness.Training;

/// <summary>One trial from standard input to standard output.</summary>
/// <remarks>
/// A pipe on standard input is a lifeline: who holds the other end wants the result, and when it dies the trainer ends
/// too. A file (<c>harness-train &lt; trial.json</c>) holds nobody.
/// </remarks>
/// <param name="catalogs">What may be trained.</param>
/// <param name="output">Where events go.</param>
public sealed partial class TrainerSession(Catalogs catalogs, Stream output)
{
    private const int JobFailed = 1; // the exit code: a trial failed
    private const int Terminated = 143; // as if the signal had ended it
    private const int StandbyThreads = 1; // what nearly every trial asks for; the library takes its threads once

    /// <summary>Runs it; the last event says how it ended, and so does the exit code.</summary>
    /// <param name="standby">
    /// Makes itself ready before it reads its trial, and greets when it is: for one thread, and for one trial like any
    /// other trainer. Its clocks begin with the trial.
    /// </param>
    public int Run(bool standby = false)
    {
        var events = new EventWriter(output);
        void Greet(SortedDictionary<string, string> runtime) =>
            events.Write(new TrainerHello(TrainerRequest.Version, Numerics.Version, runtime));

        using var trace = TrainerTrace.Begin(); // ends after the last event: no result waits for a collector
        try
        {
            var input = new FileStream(
                new SafeFileHandle(0, ownsHandle: false),
                FileAccess.Read,
                bufferSize: 0
            );
            var held = !input.CanSeek;
            if (held)
            {
                // A group of its own: whoever ends it ends what it may have started.
                _ = SetProcessGroup(0, 0);
            }

            if (standby)
            {
                var ready = Backend.Load(StandbyThreads);
                WarmUp.Run(catalogs);
                Greet(ready);
            }

            var request = RequestLine.Read(input);
            var spec = request.Trial;
            if (standby)
            {
                ProcessClock.Restart();
            }

            TrainerTrace.Parent = request.TraceParent;
            if (held)
            {
                new Thread(() => EndWith(input)) { IsBackground = true, Name = "lifeline" }.Start();
            }

            // A task that trains nothing must not pay for a library that it does not use.
            var idle = catalogs.Find(spec).Task is IdleTask;
            if (!standby)
            {
                Greet(idle ? Backend.Facts() : Backend.Load(spec.Integer("threads")));
            }
            else if (spec.Integer("threads") != StandbyThreads)
            {
                throw new HarnessException(
                    $"A spare trainer computes with {StandbyThreads} thread; the trial asks for {spec.Integer("threads")}."
                );
            }

            TrainerTrace.Span(
                "train",
                new TrainingRun(spec, catalogs, events, request.Checkpoints).Run,
                ("harness.model", spec.Model),
                ("harness.task", spec.Task),
                ("harness.seed", spec.Seed),
                ("harness.steps", spec.Integer("steps"))
            );
            return 0;
        }
        catch (HarnessException error)
        {
            var bad = error.ExitCode == HarnessException.BadInput;
            events.Write(
                new TrainerFailure(bad ? FailureKind.Job : FailureKind.Start, error.Message)
            );
            return error.ExitCode;
        }
        catch (AskedToEndException)
        {
            return Terminated;
        }
        catch (CheckpointException error)
        {
            events.Write(new TrainerFailure(FailureKind.Checkpoint, error.Message));
            return HarnessException.Infrastructure;
        }
        catch (DataException error)
        {
            events.Write(new TrainerFailure(DataException.Kind, error.Message));
            return HarnessException.Infrastructure;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            events.Write(new TrainerFailure(FailureKind.Job, error.Message.Split('\n')[0]));
            return JobFailed;
        }
    }

    private static void EndWith(FileStream input)
    {
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0) { }
        EndNow(1);
    }

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetProcessGroup(int process, int group);

    // Not Environment.Exit: native code may be deep in a kernel, and finalisers would wait for it.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int code);
}
