using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Domain.Workers;
using Harness.Worker.Attempts;
using Harness.Worker.Silo;
using Harness.Worker.Spool;

namespace Harness.Worker;

/// <summary>
/// Brings what attempts measure to a silo: from memory while one answers, over the spool while none does. Data come
/// before the end of their attempt, so that a trial that has succeeded is whole.
/// </summary>
/// <param name="workerId">Who speaks.</param>
/// <param name="silo">The workers' endpoint.</param>
/// <param name="spool">Where it waits.</param>
/// <param name="running">Attempts by their token.</param>
/// <param name="logger">Log.</param>
public sealed partial class HandIn(
    string workerId,
    SiloClient silo,
    SpoolFolder spool,
    IReadOnlyDictionary<long, Attempt> running,
    ILogger logger
)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastCheckpoint = TimeSpan.FromMinutes(1);

    private readonly Patience _patience = new(_ => { }); // the calls for leases say it already
    private volatile bool _away;

    /// <summary>Whether the last call of a silo was in vain.</summary>
    public bool Away
    {
        get => _away;
        set => _away = value;
    }

    /// <summary>Brings on what runs, every second.</summary>
    public async Task RegularlyAsync(CancellationToken cancellation)
    {
        using var beat = new PeriodicTimer(Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(cancellation))
            {
                foreach (var attempt in running.Values)
                {
                    await BringAsync(attempt, cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The worker stops.
        }
    }

    /// <summary>Brings the rest of an attempt that has ended; first it is made safe on disk.</summary>
    /// <returns>How it ended, once all that it measured is stored; another end where a silo refuses that for good.</returns>
    public async Task<Completion> EndAsync(
        Attempt attempt,
        Completion completion,
        CancellationToken abandon
    )
    {
        var rest = attempt.Buffer.Rest();
        Keep([.. rest], completion);
        var sent = Sent.Stored;
        await _patience.TryAsync(
            async () =>
            {
                sent = await BringSpooledAsync(attempt.Lease.Token, ends: false, abandon);
                while (sent == Sent.Stored && rest.TryPeek(out var message))
                {
                    sent = await SendAsync(message, abandon);
                    rest.Dequeue();
                }
            },
            abandon
        );
        if (sent == Sent.Stored && completion.State != AttemptState.Completed)
        {
            await BringLastCheckpointAsync(attempt, abandon);
        }

        if (sent.Fault is { } fault)
        {
            LogRefused(completion.TrialId, completion.Token, fault);
            completion = Endings.Refused(completion, fault);
            Keep([], completion);
        }

        return completion;
    }

    /// <summary>Brings what an earlier life of this worker left of an attempt.</summary>
    /// <returns>How the attempt ended; null where it had not, and then nothing of it is left here.</returns>
    public async Task<Completion?> RecoverAsync(
        long trial,
        long token,
        CancellationToken cancellation
    )
    {
        var completion = spool
            .Of(token)
            .Select(file => spool.Read(file).Completion)
            .LastOrDefault(found => found is not null);
        var sent = Sent.Stored;
        var whole = await _patience.TryAsync(
            async () => sent = await BringSpooledAsync(token, ends: true, cancellation),
            cancellation
        );
        if (!whole)
        {
            return null; // the worker stops; the next one finds it here again
        }

        LogRecovered(trial, token, completion is null ? "had not ended" : "had ended");
        if (completion is null)
        {
            spool.Remove(token);
        }

        return completion is not null && sent.Fault is { } fault
            ? Endings.Refused(completion, fault)
            : completion;
    }

    private async Task BringAsync(Attempt attempt, CancellationToken cancellation)
    {
        try
        {
            if (!_away && !attempt.IsRefused)
            {
                await BringNowAsync(attempt, cancellation);
            }
        }
        catch (SiloAwayException)
        {
            // What follows keeps it.
        }

        if (_away)
        {
            Spill(attempt.Buffer);
        }
    }

    private async Task BringNowAsync(Attempt attempt, CancellationToken cancellation)
    {
        // Taken before the data: what it continues is in them then.
        var checkpoint = attempt.Checkpoints.Pending;
        var sent = await BringSpooledAsync(attempt.Lease.Token, ends: false, cancellation);
        while (sent == Sent.Stored && attempt.Buffer.Take() is { } message)
        {
            sent = await SendAsync(message, cancellation);
            if (sent == Sent.Stored)
            {
                attempt.Buffer.Acknowledge();
            }
        }

        if (sent.Fault is { } fault)
        {
            // The message stays, and is refused again at the end, should the attempt have ended just now.
            attempt.Refuse(fault);
        }
        else if (sent == Sent.Stale)
        {
            attempt.Buffer.Drop();
            attempt.Stop(AttemptState.Cancelled);
        }
        else
        {
            await BringCheckpointAsync(attempt, checkpoint, cancellation);
        }
    }

    // No end of an attempt waits for long, now that a silo takes what it says.
    private async Task BringLastCheckpointAsync(Attempt attempt, CancellationToken abandon)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        limit.CancelAfter(LastCheckpoint);
        await _patience.TryAsync(
            () => BringCheckpointAsync(attempt, attempt.Checkpoints.Pending, limit.Token),
            limit.Token
        );
    }

    // One that is not kept costs nothing but the steps since the one before, should the attempt be lost.
    private static async Task BringCheckpointAsync(
        Attempt attempt,
        TrainerCheckpoint? checkpoint,
        CancellationToken cancellation
    )
    {
        if (
            checkpoint is not null
            && await attempt.Checkpoints.BringAsync(checkpoint, cancellation) is { } reason
        )
        {
            attempt.Buffer.Log.Note(
                $"the checkpoint of step {checkpoint.Step} is not kept: {reason}"
            );
        }
    }

    private async Task<Sent> BringSpooledAsync(
        long token,
        bool ends,
        CancellationToken cancellation
    )
    {
        foreach (var file in spool.Of(token).Where(file => ends || file.Kind != SpoolKind.End))
        {
            foreach (var message in spool.Read(file).Data)
            {
                var sent = await SendAsync(message, cancellation);
                if (sent != Sent.Stored)
                {
                    Forget(token);
                    return sent;
                }
            }

            if (file.Kind != SpoolKind.End)
            {
                spool.Remove(file);
            }
        }

        return Sent.Stored;
    }

    private void Forget(long token)
    {
        foreach (var file in spool.Of(token).Where(file => file.Kind != SpoolKind.End))
        {
            spool.Remove(file);
        }
    }

    private async Task<Sent> SendAsync(AttemptData data, CancellationToken cancellation)
    {
        try
        {
            var reply = await silo.IngestAsync(
                new IngestRequest { WorkerId = workerId, Attempts = [data] },
                cancellation
            );
            var fault = reply.Faults?.FirstOrDefault(fault => fault.Token == data.Token);
            return fault is not null ? new Sent(fault.Reason)
                : reply.Refused.Contains(data.Token) ? Sent.Stale
                : Sent.Stored;
        }
        catch (MessageRefusedException refused)
        {
            return new Sent(refused.Message);
        }
        catch (HarnessException refused)
        {
            // Whether this worker is to end is found where it asks for leases.
            _away = true;
            throw new SiloAwayException(refused.Message, refused);
        }
        catch (SiloAwayException)
        {
            _away = true;
            throw;
        }
    }

    // In an outage: what is on disk needs no memory, and outlives this worker.
    private void Spill(AttemptBuffer buffer)
    {
        while (buffer.Take() is { } message)
        {
            try
            {
                Say(spool.Append(message));
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                LogDisk(full.Message);
                return; // it stays in memory, which is bounded too
            }

            buffer.Acknowledge();
        }
    }

    private void Keep(IReadOnlyList<AttemptData> rest, Completion completion)
    {
        try
        {
            Say(spool.End(rest, completion, synced: _away));
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            LogDisk(full.Message);
        }
    }

    private void Say(IReadOnlyDictionary<long, long> dropped)
    {
        foreach (var (token, points) in dropped)
        {
            WorkerMeter.SpoolDropped.Add(points);
            LogDropped(points, token);
            if (running.TryGetValue(token, out var attempt))
            {
                attempt.Buffer.Log.Note(
                    $"{points} points of curves were dropped: no silo answered, and the worker's spool was full"
                );
            }
        }
    }

    // What became of a message; neither stored nor with a fault: of an attempt that is no longer current.
    private readonly record struct Sent(string? Fault, bool IsStored = false)
    {
        public static readonly Sent Stored = new(null, IsStored: true);
        public static readonly Sent Stale = new(null);
    }
}
