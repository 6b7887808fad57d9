using System.Diagnostics;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Telemetry;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Worker.Attempts;

/// <summary>One attempt: a trainer process, watched from its start to its end.</summary>
public sealed class Attempt : IDisposable
{
    private readonly WorkerSettings _settings;
    private readonly CancellationTokenSource _stop = new();
    private readonly AttemptWatch _watch;
    private readonly AttemptEnd _end;
    private AttemptState _stopAs = AttemptState.Cancelled;
    private Activity? _spawn;

    /// <summary>An attempt that has not begun.</summary>
    /// <param name="lease">What to run.</param>
    /// <param name="settings">How.</param>
    public Attempt(Lease lease, WorkerSettings settings)
    {
        _settings = settings;
        Lease = lease;
        Buffer = new AttemptBuffer(lease);
        _watch = new AttemptWatch((long)lease.Spec.Number("memory"), _stop.Token);
        _end = new AttemptEnd(lease, Buffer.Log);
    }

    /// <summary>What it runs.</summary>
    public Lease Lease { get; }

    /// <summary>What it measured, until it is sent.</summary>
    public AttemptBuffer Buffer { get; }

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
    public void Dispose() => _stop.Dispose();

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
            var lease = Lease with { TraceParent = traceParent ?? Lease.TraceParent };
            using var trainer = TrainerProcess.Start(
                _settings.Trainer,
                folder,
                TrainerEnvironment.Of(lease, folder)
            );
            _spawn?.SetTag("process.pid", trainer.Id);
            await FollowAsync(trainer);
            return _end.Judge(
                trainer.ExitCode,
                _watch,
                _stop.IsCancellationRequested ? _stopAs : null
            );
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
            Remove(folder);
        }
    }

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

    private async Task FollowAsync(TrainerProcess trainer)
    {
        await trainer.SendAsync(new TrainerRequest { Trial = Lease.Spec });
        using var ended = new CancellationTokenSource();
        var errors = ReadLogAsync(trainer);
        var watch = _watch.RunAsync(trainer, ended.Token);
        await ReadEventsAsync(trainer);
        await trainer.WaitAsync();
        await ended.CancelAsync();
        await Task.WhenAll(errors, watch);
    }

    private async Task ReadEventsAsync(TrainerProcess trainer)
    {
        try
        {
            await foreach (var happened in trainer.EventsAsync())
            {
                Heard(happened);
            }
        }
        catch (Exception wrong)
            when (wrong is JsonException or LineFrame.TooLongException or NotSupportedException)
        {
            _end.Broken = $"The trainer broke the protocol: {wrong.Message}";
            trainer.Kill();
        }
    }

    private void Heard(TrainerEvent? happened)
    {
        switch (happened)
        {
            case TrainerHello hello:
                (_end.Runtime, Started) = (hello.Runtime, true);
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
                _end.Last = happened;
                break;
        }
    }

    private async Task ReadLogAsync(TrainerProcess trainer)
    {
        await foreach (var line in trainer.ErrorsAsync())
        {
            Buffer.Log.Add(line);
        }
    }
}
