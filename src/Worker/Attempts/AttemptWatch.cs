namespace Harness.Worker.Attempts;

/// <summary>Looks after a running trainer: its own memory limit, the CPU that it used so far, and the order to stop.</summary>
/// <param name="limit">Resident bytes above which the trial ends; 0: no limit.</param>
/// <param name="stop">The order to stop.</param>
public sealed class AttemptWatch(long limit, CancellationToken stop)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3); // between asking and killing

    /// <summary>Whether the trial exceeded its own limit.</summary>
    public bool Oom { get; private set; }

    /// <summary>CPU seconds so far; null before the first look.</summary>
    public double? CpuSeconds { get; private set; }

    /// <summary>Watches a trainer.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="ended">That it has ended.</param>
    public async Task RunAsync(TrainerProcess trainer, CancellationToken ended)
    {
        using var beat = new PeriodicTimer(Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(ended))
            {
                CpuSeconds = ProcessFacts.CpuSeconds(trainer.Id) ?? CpuSeconds;
                if (limit > 0 && ProcessFacts.Resident(trainer.Id) > limit)
                {
                    Oom = true;
                    trainer.Kill();
                    return;
                }

                if (stop.IsCancellationRequested)
                {
                    trainer.Terminate();
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
                    patience.CancelAfter(Grace);
                    await Task.Delay(Timeout.Infinite, patience.Token)
                        .ContinueWith(_ => { }, TaskScheduler.Default);
                    trainer.Kill();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }
}
