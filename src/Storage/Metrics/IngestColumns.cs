using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Storage.Metrics;

/// <summary>
/// What attempts measured, turned into one array a column. Rows of a column of arrays lie one behind the other in one
/// long array, and each row says where it begins and ends: <c>unnest</c> knows no arrays of different lengths.
/// </summary>
internal sealed class IngestColumns(IReadOnlyList<AttemptData> attempts)
{
    private const int MaxLine = 4_096; // characters of a log line

    /// <summary>Trials and tokens of all attempts.</summary>
    public object?[] Attempts =>
        [
            attempts.Select(data => data.TrialId).ToArray(),
            attempts.Select(data => data.Token).ToArray(),
        ];

    /// <summary>Columns of <see cref="IngestStatements.Chunks"/>, or null where there is no point.</summary>
    public object?[]? Chunks
    {
        get
        {
            var rows = new Rows();
            var metrics = new List<string>();
            var (steps, values, seconds) = (new List<int>(), new List<double>(), new List<float>());
            foreach (var data in attempts)
            {
                foreach (var points in data.Points)
                {
                    for (var start = 0; start < points.Steps.Count; start += MetricStore.ChunkSize)
                    {
                        var count = Math.Min(MetricStore.ChunkSize, points.Steps.Count - start);
                        rows.Add(data, count);
                        metrics.Add(points.Metric);
                    }

                    steps.AddRange(points.Steps);
                    values.AddRange(points.Values);
                    seconds.AddRange(points.Seconds.Select(second => (float)second));
                }
            }

            return metrics.Count == 0
                ? null
                :
                [
                    .. rows.Columns,
                    metrics.ToArray(),
                    steps.ToArray(),
                    values.ToArray(),
                    seconds.ToArray(),
                ];
        }
    }

    /// <summary>Columns of <see cref="IngestStatements.Last"/>, or null where there is no point.</summary>
    public object?[]? Last
    {
        get
        {
            // A row may be changed once by a statement: of several chunks of a curve the last one counts.
            var last = new Dictionary<(long, string), (AttemptData Data, TrainerPoints Points)>();
            foreach (var data in attempts)
            {
                foreach (var points in data.Points)
                {
                    var key = (data.TrialId, points.Metric);
                    if (
                        !last.TryGetValue(key, out var known)
                        || (data.Token, points.Steps[^1]).CompareTo(
                            (known.Data.Token, known.Points.Steps[^1])
                        ) > 0
                    )
                    {
                        last[key] = (data, points);
                    }
                }
            }

            // In one order for all, so that two requests never wait for each other.
            var rows = last
                .Values.OrderBy(row => row.Data.TrialId)
                .ThenBy(row => row.Points.Metric, StringComparer.Ordinal)
                .ToList();
            return rows.Count == 0
                ? null
                :
                [
                    rows.Select(row => row.Data.TrialId).ToArray(),
                    rows.Select(row => row.Data.Token).ToArray(),
                    rows.Select(row => row.Points.Metric).ToArray(),
                    rows.Select(row => row.Points.Steps[^1]).ToArray(),
                    rows.Select(row => row.Points.Values[^1]).ToArray(),
                ];
        }
    }

    /// <summary>Columns of <see cref="IngestStatements.Profiles"/>, or null where there is none.</summary>
    public object?[]? Profiles
    {
        get
        {
            var rows = new Rows();
            var profiles = new List<TrainerProfile>();
            foreach (var data in attempts)
            {
                foreach (var profile in data.Profiles)
                {
                    rows.Add(data, profile.At.Count);
                    profiles.Add(profile);
                }
            }

            return profiles.Count == 0
                ? null
                :
                [
                    .. rows.Columns,
                    profiles.Select(profile => profile.Name).ToArray(),
                    profiles.Select(profile => profile.Axis).ToArray(),
                    profiles.Select(profile => profile.Samples is not null).ToArray(),
                    profiles.SelectMany(profile => profile.At).ToArray(),
                    profiles.SelectMany(profile => profile.Values).ToArray(),
                    profiles
                        .SelectMany(profile => profile.Samples ?? new long[profile.At.Count])
                        .ToArray(),
                ];
        }
    }

    /// <summary>Columns of <see cref="IngestStatements.Logs"/>, or null where there is no line.</summary>
    public object?[]? Logs
    {
        get
        {
            var rows = new Rows();
            var logged = attempts.Where(data => data.Log.Count > 0).ToList();
            foreach (var data in logged)
            {
                rows.Add(data, data.Log.Count);
            }

            return logged.Count == 0
                ? null
                :
                [
                    .. rows.Columns,
                    logged.Select(data => data.FirstLogLine).ToArray(),
                    logged
                        .SelectMany(data => data.Log)
                        .Select(line => BoundedText.Cut(line, MaxLine))
                        .ToArray(),
                ];
        }
    }

    /// <summary>Whose row it is, and the part of the long arrays that is its own.</summary>
    private sealed class Rows
    {
        private readonly List<long> _trials = [];
        private readonly List<long> _tokens = [];
        private readonly List<int> _first = [];
        private readonly List<int> _last = [];

        public object?[] Columns =>
            [_trials.ToArray(), _tokens.ToArray(), _first.ToArray(), _last.ToArray()];

        public void Add(AttemptData data, int count)
        {
            var end = _last.Count == 0 ? 0 : _last[^1];
            _trials.Add(data.TrialId);
            _tokens.Add(data.Token);
            _first.Add(end + 1); // arrays of SQL begin at 1
            _last.Add(end + count);
        }
    }
}
