using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Worker;

/// <summary>How attempts ended, until a silo has recorded it.</summary>
public sealed class Endings
{
    private const int MostAtOnce = 1_000;
    private const int MostTold = 10_000; // many times what runs at a time
    private const int MostText = 4 << 20; // characters of reasons in one message, of which a silo takes 8 MiB

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Completion> _waiting = [];
    private readonly HashSet<long> _replaced = [];
    private readonly Queue<long> _lastTold = [];
    private readonly HashSet<long> _told = [];
    private bool _oneByOne;

    /// <summary>Whether there is one to tell.</summary>
    public bool Any
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > 0;
            }
        }
    }

    /// <summary>The end of an attempt whose message a silo refuses for good: the attempt failed, and the reason is told.</summary>
    public static Completion Refused(Completion completion, string reason) =>
        completion with
        {
            State = AttemptState.Failed,
            Failure = FailureKind.Protocol,
            Message = $"What the attempt reported is refused: {reason.TrimEnd('.')}.",
            Result = null,
        };

    /// <summary>Adds an end.</summary>
    public void Add(Completion completion)
    {
        lock (_gate)
        {
            _waiting[completion.Token] = completion;
        }
    }

    /// <summary>
    /// Whether the attempt has ended: an answer that was overtaken may give its lease once more, and comes when the end is
    /// recorded already.
    /// </summary>
    public bool Knows(long token)
    {
        lock (_gate)
        {
            return _waiting.ContainsKey(token) || _told.Contains(token);
        }
    }

    /// <summary>What the next message is to tell.</summary>
    public IReadOnlyList<Completion> Next()
    {
        lock (_gate)
        {
            var room = MostText;
            return
            [
                .. _waiting
                    .Values.Take(_oneByOne ? 1 : MostAtOnce)
                    .TakeWhile(
                        (completion, index) =>
                            (room -= completion.Message?.Length ?? 0) >= 0 || index == 0
                    ),
            ];
        }
    }

    /// <summary>A silo has recorded them, or knows them to be void.</summary>
    public void Forget(IEnumerable<long> tokens)
    {
        lock (_gate)
        {
            foreach (var token in tokens)
            {
                _waiting.Remove(token);
                _replaced.Remove(token);
                Remember(token);
            }

            _oneByOne &= _waiting.Count > 0;
        }
    }

    /// <summary>
    /// A silo refuses a message with these for good. Several are told one by one from now on; a single one is told as a
    /// failed attempt, and where even that is refused, forgotten: its lease expires.
    /// </summary>
    /// <returns>The one that is forgotten, if any.</returns>
    public Completion? Refuse(IReadOnlyList<Completion> told, string reason)
    {
        lock (_gate)
        {
            if (told.Count > 1)
            {
                _oneByOne = true;
                return null;
            }

            var completion = told[0];
            if (_replaced.Add(completion.Token))
            {
                _waiting[completion.Token] = Refused(completion, reason);
                return null;
            }

            Forget([completion.Token]);
            return completion;
        }
    }

    private void Remember(long token)
    {
        if (_told.Add(token))
        {
            _lastTold.Enqueue(token);
            if (_lastTold.Count > MostTold)
            {
                _told.Remove(_lastTold.Dequeue());
            }
        }
    }
}
