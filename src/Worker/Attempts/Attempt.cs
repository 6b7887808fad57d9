using System.Diagnostics;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Telemetry;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Worker.Attempts;

/// <summary>One attempt: a trainer process, watched from its start to its end.</summary>
/// <param name="lease">What to run.</param>
/// <param name="settings">How.</param>
public sealed class Attempt(Lease lease, WorkerSettings settings) : IDisposable
{
    private static readonly TimeSpan MemoryBeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3); // between asking and killing

    private readonly CancellationTokenSource _stop = new();
    private AttemptState _stopAs = AttemptState.Cancelled;
    private TrainerEvent? _last;
    private string? _broken;
    private bool _oom;
    private double? _cpu;
    private SortedDictionary<string, string>? _runtime;
    private Activity? _spawn;

    /// <summary>What it runs.</summary>
    public Lease Lease { get; } = lease;

    /// <summary>What it measured, until it is sent.</summary>
    public AttemptBuffer Buffer { get; } = new(lease);

    /// <summary>Steps done.</summary>
    public int? Step { get; private set; }

    /// <summary>Whether its trainer runs.</summary>
    public bool Started { get; private set; }

    /// <summary>Sign of life.</summary>
    public Heartbeat Heartbeat() => new(Lease.TrialId, Lease.Token, Step, Started);

    /// <summary>Ends it: cancelled, or drained to be run elsewhere.</summary>
    public void Stop(AttemptState state)
    {
        _stopAs = state;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Runs the trainer to its end.</summary>
    public async Task<Completion> RunAsync()
    {
        var folder = Path.Combine(settings.Scratch, $"attempt-{Lease.Token}");
        ActivityContext.TryParse(Lease.TraceParent, null, isRemote: true, out var parent);
        using var span = HarnessTelemetry.Spans.StartActivity(
            "attempt",
            ActivityKind.Internal,
            parent
        );
        span?.SetTag("harness.trial", Ids.Trial(Lease.TrialId));
        span?.SetTag("harness.token", Lease.Token);
        var completion = await RunAsync(folder, span?.Id);
        span?.SetTag("harness.state", Words.Of(completion.State));
        if (completion.Failure is { } kind)
        {
            span?.SetTag("harness.failure", Words.Of(kind));
            span?.SetStatus(ActivityStatusCode.Error, completion.Message?.Split('\n')[0]);
        }

        return completion;
    }

    private async Task<Completion> RunAsync(string folder, string? traceParent)
    {
        // Until the trainer greets: the runtime starts and libtorch is loaded.
        _spawn = HarnessTelemetry.Spans.StartActivity("spawn");
        try
        {
            Directory.CreateDirectory(folder);
            using var process = Start(folder, traceParent);
            _spawn?.SetTag("process.pid", process.Id);
            await WatchAsync(process);
            return Judge(process.ExitCode);
        }
        catch (Exception error)
            when (error
                    is IOException
                        or UnauthorizedAccessException
                        or System.ComponentModel.Win32Exception
            )
        {
            return Failed(FailureKind.Start, $"The trainer could not be started: {error.Message}");
        }
        finally
        {
            _spawn?.Dispose();
            Remove(folder);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>The end of an attempt whose worker failed it.</summary>
    public Completion Broken(Exception error) =>
        Failed(FailureKind.Start, $"The worker could not carry the attempt: {error.Message}");

    // What cannot be removed now is removed at the worker's next start.
    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { }
    }

    private Process Start(string folder, string? traceParent)
    {
        if (!File.Exists(settings.Trainer))
        {
            throw new FileNotFoundException($"{settings.Trainer} is missing; set HARNESS_TRAINER.");
        }

        var isAssembly = settings.Trainer.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : settings.Trainer)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        if (isAssembly)
        {
            start.ArgumentList.Add(settings.Trainer);
        }

        start.Environment.Clear();
        foreach (
            var (name, value) in TrainerEnvironment.Of(
                Lease with
                {
                    TraceParent = traceParent ?? Lease.TraceParent,
                },
                folder
            )
        )
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        ProcessFacts.OfferToOutOfMemoryKiller(process.Id);
        return process;
    }

    private async Task WatchAsync(Process process)
    {
        var request = new TrainerRequest { Trial = Lease.Spec };
        try
        {
            await process.StandardInput.WriteLineAsync(
                JsonSerializer.Serialize(request, DomainJson.Default.TrainerRequest)
            );
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It died before it read its trial; its exit code tells.
        }

        using var ended = new CancellationTokenSource();
        var errors = ReadLogAsync(process.StandardError.BaseStream);
        var guard = GuardAsync(process, ended.Token);
        await ReadEventsAsync(process);
        await process.WaitForExitAsync();
        await ended.CancelAsync();
        await Task.WhenAll(errors, guard);
    }

    private async Task ReadEventsAsync(Process process)
    {
        try
        {
            await foreach (
                var line in LineFrame.ReadAsync(process.StandardOutput.BaseStream, whole: true)
            )
            {
                Heard(JsonSerializer.Deserialize(line, DomainJson.Default.TrainerEvent));
            }
        }
        catch (Exception wrong)
            when (wrong is JsonException or LineFrame.TooLongException or NotSupportedException)
        {
            _broken = $"The trainer broke the protocol: {wrong.Message}";
            ProcessFacts.KillGroup(process.Id);
        }
    }

    private void Heard(TrainerEvent? happened)
    {
        switch (happened)
        {
            case TrainerHello hello:
                (_runtime, Started) = (hello.Runtime, true);
                _spawn?.Dispose();
                break;
            case TrainerProgress progress:
                Step = progress.Step;
                break;
            case TrainerPoints points:
                Buffer.Add(points);
                break;
            case TrainerProfile profile:
                Buffer.Add(profile);
                break;
            case TrainerResult or TrainerFailure:
                _last = happened;
                break;
        }
    }

    private async Task ReadLogAsync(Stream stream)
    {
        await foreach (var line in LineFrame.ReadAsync(stream, whole: false))
        {
            Buffer.Log.Add(line);
        }
    }

    // The trial's own memory limit, the CPU that it used so far, and the order to stop.
    private async Task GuardAsync(Process process, CancellationToken ended)
    {
        var limit = (long)Lease.Spec.Number("memory");
        using var beat = new PeriodicTimer(MemoryBeat);
        try
        {
            while (await beat.WaitForNextTickAsync(ended))
            {
                _cpu = ProcessFacts.CpuSeconds(process.Id) ?? _cpu;
                if (limit > 0 && ProcessFacts.Resident(process.Id) > limit)
                {
                    _oom = true;
                    ProcessFacts.KillGroup(process.Id);
                    return;
                }

                if (_stop.IsCancellationRequested)
                {
                    ProcessFacts.TerminateGroup(process.Id);
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
                    patience.CancelAfter(Grace);
                    await Task.Delay(Timeout.Infinite, patience.Token)
                        .ContinueWith(_ => { }, TaskScheduler.Default);
                    ProcessFacts.KillGroup(process.Id);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    private Completion Judge(int exitCode)
    {
        if (_oom)
        {
            // Exceeding its own limit is what this trial measured.
            return Completed(new TrainerResult(TrialOutcome.Oom, [], null, null, null));
        }

        if (_last is TrainerResult result)
        {
            return Completed(result);
        }

        if (_stop.IsCancellationRequested)
        {
            return End(_stopAs);
        }

        if (_last is TrainerFailure failure)
        {
            return Failed(failure.Kind, failure.Message);
        }

        if (_broken is { } broken)
        {
            return Failed(FailureKind.Protocol, broken);
        }

        var how =
            exitCode > 128
                ? $"was ended by signal {exitCode - 128}"
                : $"ended with exit code {exitCode}";
        return Failed(FailureKind.Crash, $"The trainer {how} without a result.");
    }

    private Completion Completed(TrainerResult result) =>
        End(AttemptState.Completed) with
        {
            Result = result,
        };

    private Completion Failed(FailureKind kind, string message)
    {
        var tail = Buffer.Log.Tail();
        return End(AttemptState.Failed) with
        {
            Failure = kind,
            Message = tail.Length == 0 ? message : $"{message}\n{tail}",
        };
    }

    private Completion End(AttemptState state) =>
        new()
        {
            TrialId = Lease.TrialId,
            Token = Lease.Token,
            State = state,
            CpuSeconds = (_last as TrainerResult)?.Metrics.GetValueOrDefault("cpu_seconds") ?? _cpu,
            Runtime = _runtime,
        };
}
