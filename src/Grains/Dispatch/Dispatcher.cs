using Harness.Domain.Workers;
using Harness.Grains.Disk;
using Harness.Storage.Dispatch;
using Harness.Storage.Sweeps;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Harness.Grains.Dispatch;

/// <summary>
/// The dispatcher's memory and its one writer lane. Calls put what they have to say into an inbox; the lane takes all
/// of it, writes it in one commit, and answers. Everything here may be lost: it is rebuilt from the tables.
/// </summary>
/// <remarks>Runs on its grain's scheduler, so that one thing happens at a time and nothing needs a lock.</remarks>
internal sealed partial class Dispatcher(
    DispatchStore store,
    DispatchLoader loader,
    SweepChangeStore changes,
    IOptions<DispatchOptions> options,
    DiskGuard disk,
    TimeProvider time,
    ILogger<Dispatcher> logger
)
{
    // A statement that takes longer than this counts as an outage; callers wait ten seconds.
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(8);

    private readonly DispatchOptions _options = options.Value;
    private readonly TrialQueue _queue = new();
    private readonly WorkerPool _pool = new();
    private readonly TrialTrace _trace = new();
    private readonly Queue<Func<CancellationToken, Task>> _commands = [];
    private readonly Dictionary<string, HeldSync> _held = new(StringComparer.Ordinal);
    private List<HeldSync> _inbox = [];
    private long _epoch;
    private bool _loaded;
    private bool _tickDue;
    private bool _oneByOne;
    private bool _writing;
    private long _writableSince;
    private long _lastTick;
    private long? _awaySince;
    private int _spoke;
    private long _turnEnded;

    /// <summary>Whether another activation has taken over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether there is something to do.</summary>
    public bool HasWork => _inbox.Count > 0 || _commands.Count > 0 || _tickDue;

    /// <summary>A worker speaks; the answer comes after commit.</summary>
    public Task<SyncReply> Sync(SyncRequest request)
    {
        var sync = new HeldSync(request, time.GetTimestamp());
        _inbox.Add(sync);
        return sync.Reply;
    }

    /// <summary>A worker joined.</summary>
    public void Join(KnownWorker worker) => _pool.Join(worker);

    /// <summary>Asks for a look at the clocks.</summary>
    public void Tick() => _tickDue = true;

    /// <summary>Ends every call that waits.</summary>
    public void Stop()
    {
        FailAll([.. _inbox, .. _held.Values]);
        _inbox.Clear();
        _held.Clear();
        _trace.Stop();
    }

    /// <summary>One turn of the lane: reads what is missing, then writes all that was said in one commit.</summary>
    public async Task TurnAsync()
    {
        await GatherAsync();
        var syncs = TakeInbox();
        // Taken whatever becomes of it: one that stayed due in an outage would keep the lane spinning.
        var tickDue = _tickDue;
        _tickDue = _writing = false;
        try
        {
            using var timeout = new CancellationTokenSource(WriteTimeout, time);
            await LoadAsync(timeout.Token);
            await RunCommandsAsync(timeout.Token);
            if (tickDue)
            {
                await TickAsync(timeout.Token);
            }

            await RefillAsync(timeout.Token);
            _writing = true;
            await WriteAsync(syncs, timeout.Token);
        }
        catch (Exception failure)
        {
            OnFailure(failure, syncs);
        }

        (_spoke, _turnEnded) = (syncs.Count, time.GetTimestamp());
    }

    // Workers that were answered a moment ago speak again in a moment: one commit for all costs a fraction of many.
    private async Task GatherAsync()
    {
        while (
            _inbox.Count > 0
            && _inbox.Count < _spoke
            && time.GetElapsedTime(_turnEnded).TotalMilliseconds < _options.GatherMilliseconds
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time);
        }
    }

    private List<HeldSync> TakeInbox()
    {
        List<HeldSync> syncs;
        if (_oneByOne && _inbox.Count > 0)
        {
            syncs = [_inbox[0]];
            _inbox.RemoveAt(0);
            _oneByOne = _inbox.Count > 0;
        }
        else
        {
            syncs = _inbox;
            _inbox = [];
        }

        foreach (var sync in syncs)
        {
            // A newer call of the same worker takes the place of the one that is held.
            if (_held.Remove(sync.Worker, out var older))
            {
                older.Answer();
            }
        }

        return syncs;
    }

    private Task Command(Func<CancellationToken, Task> command)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(async cancellation =>
        {
            try
            {
                await command(cancellation);
                done.SetResult();
            }
            catch
            {
                done.SetException(new DatabaseUnavailableException());
                throw;
            }
        });
        return done.Task;
    }

    private async Task RunCommandsAsync(CancellationToken cancellation)
    {
        while (_commands.TryDequeue(out var command))
        {
            await command(cancellation);
        }
    }

    private void OnFailure(Exception failure, List<HeldSync> syncs)
    {
        // What is in memory may no longer be what is in the tables.
        _loaded = false;
        if (failure is Npgsql.PostgresException { SqlState: DispatchStore.EpochOver })
        {
            LogEpochOver(_epoch);
            IsOver = true;
        }
        else if (Outage.Is(failure))
        {
            _awaySince ??= time.GetTimestamp();
            LogUnavailable(failure.Message);
        }
        else if (syncs.Count > 1)
        {
            // One of them holds something that the tables refuse; the others must not wait for it.
            LogRefused(failure, syncs.Count);
            _oneByOne = true;
            _inbox.InsertRange(0, syncs);
            foreach (var sync in syncs)
            {
                _held.Remove(sync.Worker);
            }

            return;
        }
        else
        {
            LogRefused(failure, syncs.Count);
            // Asking again would not help: what this one worker says is what the tables refuse.
            if (_writing && Refusal(failure) is { } reason)
            {
                syncs.ForEach(sync => sync.Fail(new WorkerRefusedException(reason)));
            }
        }

        FailAll([.. syncs, .. _held.Values]);
        _held.Clear();
        while (_commands.TryDequeue(out var command))
        {
            _ = command(new CancellationToken(canceled: true))
                .ContinueWith(task => task.Exception, TaskScheduler.Default);
        }
    }

    // Data that do not fit a column (class 22) or break a rule of the tables (class 23).
    private static string? Refusal(Exception failure) =>
        failure is Npgsql.PostgresException { SqlState: ['2', '2' or '3', ..] } refused
            ? $"The database refuses what the worker says: {refused.MessageText}."
            : null;

    private static void FailAll(IEnumerable<HeldSync> syncs)
    {
        foreach (var sync in syncs)
        {
            sync.Fail(new DatabaseUnavailableException());
        }
    }

    private void AnswerHeld(Func<HeldSync, bool> due)
    {
        foreach (var sync in _held.Values.Where(sync => sync.HasNews || due(sync)).ToList())
        {
            _held.Remove(sync.Worker);
            sync.Answer();
        }
    }
}
