using System.Globalization;
using Harness.Domain.Metrics;
using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <summary>A worker as the dispatcher knows it.</summary>
internal sealed class PooledWorker(KnownWorker facts)
{
    private KnownWorker _facts = facts;

    /// <summary>What it offers.</summary>
    public KnownWorker Facts
    {
        get => _facts;
        set => (_facts, HostSize) = (value, SizeOfHost(value));
    }

    /// <summary>Whether it takes nothing more.</summary>
    public bool Draining { get; set; }

    /// <summary>Grows with each lease of the pool: who waited longest has the least.</summary>
    public long LastLease { get; set; }

    /// <summary>What it runs.</summary>
    public HashSet<RunningAttempt> Attempts { get; } = [];

    /// <summary>What its attempts take.</summary>
    public Share Used { get; set; }

    /// <summary>Its machine; null until it is in a pool.</summary>
    public PooledHost? Host { get; set; }

    /// <summary>What it has in all.</summary>
    public Share Size => new(_facts.Cores, _facts.MemoryBytes);

    /// <summary>What its machine has in all, where its hardware says so.</summary>
    public Share HostSize { get; private set; } = SizeOfHost(facts);

    private static Share SizeOfHost(KnownWorker facts) =>
        new(
            Math.Min(int.MaxValue, Fact(facts, "cores", facts.Cores)),
            Math.Max(facts.MemoryBytes, Fact(facts, "memory_gib", 0) << 30)
        );

    private static long Fact(KnownWorker facts, string name, long offered) =>
        facts.HardwareFacts.TryGetValue(name, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? Math.Max(value, offered)
            : offered;
}

/// <summary>A machine under workers.</summary>
internal sealed class PooledHost
{
    /// <summary>Its workers: each may be limited to a part of it, or name the whole of it.</summary>
    public HashSet<PooledWorker> Workers { get; } = [];

    /// <summary>What the attempts of all of them take.</summary>
    public Share Used { get; set; }

    /// <summary>What it has in all.</summary>
    public Share Size =>
        new(
            Workers.Max(worker => worker.HostSize.Cores),
            Workers.Max(worker => worker.HostSize.MemoryBytes)
        );
}

/// <summary>Cores and memory.</summary>
/// <param name="Cores">Cores.</param>
/// <param name="MemoryBytes">Memory.</param>
internal readonly record struct Share(long Cores, long MemoryBytes)
{
    /// <summary>Nothing.</summary>
    public static Share None => default;

    /// <summary>More by what a trial takes.</summary>
    public static Share operator +(Share share, Need need) =>
        new(share.Cores + need.Threads, share.MemoryBytes + need.MemoryBytes);

    /// <summary>Less by what a trial takes.</summary>
    public static Share operator -(Share share, Need need) =>
        new(share.Cores - need.Threads, share.MemoryBytes - need.MemoryBytes);

    /// <summary>Both together.</summary>
    public static Share operator +(Share left, Share right) =>
        new(left.Cores + right.Cores, left.MemoryBytes + right.MemoryBytes);

    /// <summary>What is left.</summary>
    public static Share operator -(Share left, Share right) =>
        new(left.Cores - right.Cores, left.MemoryBytes - right.MemoryBytes);

    /// <summary>In words; without memory where there is none.</summary>
    public string Words =>
        $"{Cores} {(Cores == 1 ? "core" : "cores")}{(MemoryBytes > 0 ? $" and {Format.Bytes(MemoryBytes)}" : "")}";

    /// <summary>Whether there is room.</summary>
    public bool Fits(Need need) => Cores >= need.Threads && MemoryBytes >= need.MemoryBytes;
}
