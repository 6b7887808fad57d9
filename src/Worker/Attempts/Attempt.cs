using System.Diagnostics;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Telemetry;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Worker.Silo;
using Harness.Worker.Standby;

namespace Harness.Worker.Attempts;

/// <summary>One attempt: a trainer process, watched from its start to its end.</summary>
public sealed class Attempt : IDisposable
{
    private readonly WorkerSettings _settings;
    private readonly StandbyTrainers _standbys;
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _stop = new();
    private readonly AttemptWatch _watch;
    private readonly AttemptEnd _end;
    private AttemptState _stopAs = AttemptState.Cancelled;
    private readonly Dictionary<string, int> _lastSteps = new(StringComparer.Ordinal);
    private Activity? _spawn;
    private string _start = "cold";

    /// <summary>An attempt that has not begun.</summary>
    /// <param name="lease">What to run.</param>
    /// <param name="settings">How.</param>
    /// <param name="standbys">Spare trainers.</param>
    /// <param name="checkpoints">The silo's checkpoints.</param>
    public Attempt(
        Lease lease,
        WorkerSettings settings,
        StandbyTrainers standbys,
        CheckpointClient checkpoints
    )
    {
        (_settings, _standbys) = (settings, standbys);
        Lease = lease;
        Buffer = new AttemptBuffer(lease);
        Checkpoints = new AttemptCheckpoints(lease, settings.Scratch, checkpoints);
        _watch = new AttemptWatch((long)lease.Spec.Number("memory"), settings.Silence, _stop.Token);
        _end = new AttemptEnd(lease, Buffer.Log);
    }

    /// <summary>What it runs.</summary>
    public Lease Lease { get; }

    /// <summary>What it measured, until it is sent.</summary>
    public AttemptBuffer Buffer { get; }

    /// <summary>What it has learnt, until a silo has it.</summary>
    public AttemptCheckpoints Checkpoints { get; }

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

    /// <summary>Whether a silo refuses for good what it measured.</summary>
    public bool IsRefused => _end.Refused is not null;

    /// <summary>Ends it as failed: a silo refuses for good what it measured.</summary>
    public void Refuse(string reason)
    {
        _end.Refused = reason;
        Stop(AttemptState.Cancelled);
    }

    /// <summary>Runs the trainer to its end.</summary>
    public async Task<Completion> RunAsync()
    {
        var folder = Path.Combine(_settings.Scratch, $"attempt-{Lease.Token}");
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Checkpoints.Remove();
        _stop.Dispose();
    }

    /// <summary>The end of an attempt whose worker failed it.</summary>
    public Completion Broken(Exception error) =>
        _end.Failed(FailureKind.Start, $"The worker could not carry the attempt: {error.Message}");

    private async Task<Completion> RunAsync(string folder, string? traceParent)
    {
        // Until the trainer greets: the runtime starts and libtorch is loaded.
        _spawn = HarnessTelemetry.Spans.StartActivity("spawn");
        try
        {
            Directory.CreateDirectory(folder);
            if (await Checkpoints.PrepareAsync(_stop.Token) is { } reason)
            {
                return _end.Failed(FailureKind.Checkpoint, reason);
            }

            using var trainer = await StartAsync(folder);
            try
            {
                await FollowAsync(trainer, traceParent ?? Lease.TraceParent);
                return _end.Judge(
                    trainer.ExitCode,
                    _watch,
                    _stop.IsCancellationRequested ? _stopAs : null
                );
            }
            finally
            {
                TrainerProcess.Remove(trainer.Folder);
            }
        }
        catch (Exception error)
            when (error
                    is IOException
                        or UnauthorizedAccessException
                        or System.ComponentModel.Win32Exception
            )
        {
            return _end.Failed(
                FailureKind.Start,
                $"The trainer could not be started: {error.Message}"
            );
        }
        finally
        {
            _spawn?.Dispose();
            TrainerProcess.Remove(folder);
            _standbys.Ended(Lease.Token, Lease.Spec, Stopwatch.GetElapsedTime(_begin));
        }
    }

    private async Task<TrainerProcess> StartAsync(string folder)
    {
        var trainer =
            await _standbys.TakeAsync(Lease.Token, Lease.Spec, _stop.Token)
            ?? TrainerProcess.Start(
                _settings.Trainer,
                folder,
                TrainerEnvironment.Of(Lease.Spec.Integer("threads"), folder)
            );
        _spawn?.SetTag("process.pid", trainer.Id);
        _spawn?.SetTag("harness.standby", trainer.Greeting is not null);
        _end.Kills = OutOfMemoryKills.Of(trainer.Id);
        return trainer;
    }

    private async Task FollowAsync(TrainerProcess trainer, string? traceParent)
    {
        await trainer.SendAsync(
            new TrainerRequest
            {
                Trial = Lease.Spec,
                TraceParent = traceParent,
                Checkpoints = Checkpoints.Files,
            }
        );
        _start = trainer.Greeting is null ? "cold" : "warm";
        if (trainer.Greeting is { } greeting)
        {
            Heard(greeting);
        }

        using var ended = new CancellationTokenSource();
        var watch = _watch.RunAsync(trainer, ended.Token);
        await trainer.WaitAsync(Task.WhenAll(ReadEventsAsync(trainer), ReadLogAsync(trainer)));
        await ended.CancelAsync();
        await watch;
    }

    private async Task ReadEventsAsync(TrainerProcess trainer)
    {
        try
        {
            while (await trainer.NextAsync() is { } happened)
            {
                Heard(happened);
            }
        }
        catch (Exception wrong)
            when (wrong
                    is JsonException
                        or NotSupportedException
                        or LineFrame.TooLongException
                        or OutOfBoundsException
            )
        {
            _end.Broken = $"The trainer broke the protocol: {wrong.Message}";
            trainer.Kill();
        }
    }

    private void Heard(TrainerEvent happened)
    {
        _watch.Heard();
        switch (happened)
        {
            case TrainerHello hello:
                (_end.Runtime, Started) = (hello.Runtime, true);
                _spawn?.Dispose();
                break;
            case TrainerProgress progress:
                if (Step is null or 0 && progress.Step > 0)
                {
                    Began();
                }

                Step = progress.Step;
                break;
            case TrainerPoints points:
                Check(DataBounds.Fault(points, LastStep(points.Metric)));
                _lastSteps[points.Metric] = points.Steps[^1];
                WorkerMeter.SpoolDropped.Add(Buffer.Add(points));
                break;
            case TrainerProfile profile:
                Check(DataBounds.Fault(profile));
                Buffer.Add(profile);
                break;
            case TrainerCheckpoint checkpoint:
                Check(Checkpoints.Fault(checkpoint));
                Checkpoints.Wrote(checkpoint);
                break;
            case TrainerResult or TrainerFailure:
                _end.Last = happened;
                break;
        }
    }

    private void Began()
    {
        WorkerMeter.StartLatency.Record(
            Stopwatch.GetElapsedTime(_begin).TotalSeconds,
            new KeyValuePair<string, object?>("start", _start)
        );
        _standbys.Began(Lease.Spec);
    }

    private int? LastStep(string metric) =>
        _lastSteps.TryGetValue(metric, out var step) ? step : null;

    private static void Check(string? fault)
    {
        if (fault is not null)
        {
            throw new OutOfBoundsException($"{fault}.");
        }
    }

    private sealed class OutOfBoundsException(string message) : Exception(message);

    private async Task ReadLogAsync(TrainerProcess trainer)
    {
        await foreach (var line in trainer.ErrorsAsync())
        {
            Buffer.Log.Add(line);
        }
    }
}
