using System.Diagnostics;
using Harness.Domain.Trials;
using Harness.Worker.Attempts;

namespace Harness.Worker.Standby;

/// <summary>
/// Spare trainers: one a slot at most, started beside a short trial for the one after it. Loading the library and
/// compiling its code costs half a second, which is as much as many a trial.
/// </summary>
/// <remarks>
/// Each serves one trial, like any other trainer. While a trial measures its process or the machine, on this worker or on
/// another of its host, none is kept.
/// </remarks>
/// <param name="settings">What the environment told.</param>
/// <param name="logger">Log.</param>
public sealed partial class StandbyTrainers(
    WorkerSettings settings,
    ILogger<StandbyTrainers> logger
) : IDisposable
{
    private const int MaxFailures = 3; // one after another; then none is tried again
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10); // a longer trial gains less than a twentieth
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30); // without a trial: nobody waits for it

    private readonly Lock _gate = new();
    private readonly List<SpareTrainer> _spares = [];
    private readonly HashSet<long> _measuring = [];
    private bool _short;
    private bool _quiet;
    private int _failures;
    private long _number;
    private long _used = Stopwatch.GetTimestamp();

    /// <summary>Whether a trial that measures runs on another worker of the host.</summary>
    public bool Quiet
    {
        set
        {
            lock (_gate)
            {
                _quiet = value;
                Clear(when: value);
            }
        }
    }

    /// <summary>A spare trainer for the trial, or null: it is to get a fresh one.</summary>
    public async Task<TrainerProcess?> TakeAsync(
        long token,
        TrialSpec spec,
        CancellationToken cancellation
    )
    {
        while (Choose(token, spec) is { } spare)
        {
            try
            {
                if (await spare.Ready.WaitAsync(cancellation) is { HasExited: false } process)
                {
                    _failures = 0;
                    return process;
                }
            }
            catch (OperationCanceledException)
            {
                spare.Dispose();
                return null;
            }

            spare.Dispose();
            LogFailed();
            Interlocked.Increment(ref _failures);
        }

        return null;
    }

    /// <summary>A trial has made its first step: the time to start a spare trainer for the one after it.</summary>
    public void Began(TrialSpec spec)
    {
        lock (_gate)
        {
            if (
                settings.Standby
                && _short
                && !_quiet
                && _measuring.Count == 0
                && _failures < MaxFailures
                && _spares.Count < settings.Slots
                && StandbyRule.Serves(spec)
            )
            {
                Start();
            }
        }
    }

    /// <summary>An attempt has ended.</summary>
    public void Ended(long token, TrialSpec spec, TimeSpan took)
    {
        lock (_gate)
        {
            _measuring.Remove(token);
            _short = StandbyRule.Serves(spec) && took < Short;
            _used = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Ends spare trainers that nobody has wanted for a while.</summary>
    public void Look()
    {
        lock (_gate)
        {
            Clear(when: Stopwatch.GetElapsedTime(_used) > Idle);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _failures = MaxFailures;
            Clear(when: true);
        }
    }

    private SpareTrainer? Choose(long token, TrialSpec spec)
    {
        lock (_gate)
        {
            _used = Stopwatch.GetTimestamp();
            if (StandbyRule.Measures(spec))
            {
                _measuring.Add(token);
                Clear(when: true);
            }

            // The first is ready, or will be before a fresh one.
            if (_spares.Count == 0 || !StandbyRule.Serves(spec))
            {
                return null;
            }

            var spare = _spares[0];
            _spares.RemoveAt(0);
            return spare;
        }
    }

    private void Start()
    {
        var folder = Path.Combine(settings.Scratch, $"standby-{++_number}");
        try
        {
            _spares.Add(SpareTrainer.Start(settings.Trainer, folder));
        }
        catch (Exception error)
            when (error
                    is IOException
                        or UnauthorizedAccessException
                        or System.ComponentModel.Win32Exception
            )
        {
            // The attempt that would have taken it meets the same, and says it.
            TrainerProcess.Remove(folder);
            _failures++;
        }
    }

    private void Clear(bool when)
    {
        if (when)
        {
            _spares.ForEach(spare => spare.Dispose());
            _spares.Clear();
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "a spare trainer did not become ready; the trial gets a fresh one"
    )]
    private partial void LogFailed();
}
