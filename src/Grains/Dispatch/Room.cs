using Harness.Domain.Trials;
using Harness.Storage.Dispatch;

namespace Harness.Grains.Dispatch;

/// <summary>What the asking workers have left while a plan is made.</summary>
internal sealed class Room
{
    private readonly IReadOnlyCollection<Offer> _offers;
    private readonly Dictionary<PooledWorker, Place> _places = [];
    private readonly Dictionary<PooledHost, Share> _onHosts = [];
    private readonly SortedSet<Place> _open = new(Place.ByTurn);
    private readonly HashSet<string> _reserved = [];

    public Room(IReadOnlyCollection<Offer> offers)
    {
        _offers = offers;
        foreach (var offer in offers.Where(offer => offer.Free > 0))
        {
            var place = new Place(offer.Worker, offer.Free);
            _places.Add(offer.Worker, place);
            _open.Add(place);
        }
    }

    /// <summary>Whether nobody asks for more.</summary>
    public bool IsFull => _open.Count == 0;

    /// <summary>Gives the trial a place: of the workers that can run it now, the one whose turn it is.</summary>
    public PooledWorker? Take(TrialSpec spec)
    {
        var need = Need.Of(spec);
        foreach (var place in _open)
        {
            if (Refuses(place, spec, need) == Refusal.No)
            {
                Take(place, need);
                return place.Worker;
            }
        }

        Reserve(spec, need);
        return null;
    }

    /// <summary>Why a worker does not run the trial now, in words: a sentence without its subject and its end.</summary>
    public string Why(string worker, TrialSpec spec)
    {
        var need = Need.Of(spec);
        var offer = _offers.FirstOrDefault(offer => offer.Worker.Facts.Id == worker);
        if (offer is null)
        {
            return "takes nothing now";
        }

        if (!_places.TryGetValue(offer.Worker, out var place))
        {
            return $"has no free slot of {offer.Worker.Facts.Slots}";
        }

        return Refuses(place, spec, need) switch
        {
            Refusal.Data => $"has no data file of {spec.Task} with the hash that the trial names",
            Refusal.Reserved => "is kept free for a larger trial ahead",
            Refusal.Worker when !offer.Worker.Size.Fits(need) =>
                $"is too small: {need.Words} are needed, and it has {offer.Worker.Size.Words}",
            Refusal.Worker => $"has {place.Left.Words} left, and {need.Words} are needed",
            Refusal.Host =>
                $"shares a host that has {LeftOn(offer.Worker.Host!).Words} left, and {need.Words} are needed",
            _ when place.Slots == 0 => "takes trials that are before it",
            _ => "could take it, and runs others of its turn first",
        };
    }

    private Refusal Refuses(Place place, TrialSpec spec, Need need) =>
        !HasData(place.Worker.Facts, spec) ? Refusal.Data
        : !place.Left.Fits(need) ? Refusal.Worker
        : !LeftOn(place.Worker.Host!).Fits(need) ? Refusal.Host
        : _reserved.Contains(place.Worker.Facts.Host) ? Refusal.Reserved
        : Refusal.No;

    private void Take(Place place, Need need)
    {
        // Its turn is part of its place in the order, so it leaves before that changes.
        _open.Remove(place);
        place.Take(need);
        _onHosts[place.Worker.Host!] = LeftOn(place.Worker.Host!) - need;
        if (place.Slots > 0)
        {
            _open.Add(place);
        }
    }

    // A trial that fits a host once it is idle keeps the room there: smaller ones behind it must not starve it.
    private void Reserve(TrialSpec spec, Need need)
    {
        var host = _offers
            .Where(offer => _places.TryGetValue(offer.Worker, out var place) && place.Slots > 0)
            .Select(offer => offer.Worker)
            .Where(worker =>
                HasData(worker.Facts, spec)
                && worker.Size.Fits(need)
                && worker.Host!.Size.Fits(need)
            )
            .Select(worker => worker.Facts.Host)
            .FirstOrDefault(host => !_reserved.Contains(host));
        if (host is not null)
        {
            _reserved.Add(host);
        }
    }

    private Share LeftOn(PooledHost host)
    {
        if (!_onHosts.TryGetValue(host, out var left))
        {
            _onHosts.Add(host, left = host.Size - host.Used);
        }

        return left;
    }

    private static bool HasData(KnownWorker worker, TrialSpec spec) =>
        spec.DataHash is null
        || worker.Data.TryGetValue(spec.Task, out var hash) && hash == spec.DataHash;

    /// <summary>What keeps a trial from a worker with a free slot.</summary>
    private enum Refusal
    {
        No,
        Data,
        Reserved,
        Worker,
        Host,
    }

    /// <summary>A worker that asks, and what it has left.</summary>
    private sealed class Place(PooledWorker worker, int slots)
    {
        // The least busy worker, and of those the one that has waited longest: so all workers get work.
        public static IComparer<Place> ByTurn { get; } =
            Comparer<Place>.Create(
                (left, right) =>
                    left._busy != right._busy ? left._busy.CompareTo(right._busy)
                    : left.Worker.LastLease != right.Worker.LastLease
                        ? left.Worker.LastLease.CompareTo(right.Worker.LastLease)
                    : string.CompareOrdinal(left.Worker.Facts.Id, right.Worker.Facts.Id)
            );

        private int _busy = worker.Attempts.Count;

        public PooledWorker Worker { get; } = worker;

        public int Slots { get; private set; } = slots;

        public Share Left { get; private set; } = worker.Size - worker.Used;

        public void Take(Need need) => (_busy, Slots, Left) = (_busy + 1, Slots - 1, Left - need);
    }
}
