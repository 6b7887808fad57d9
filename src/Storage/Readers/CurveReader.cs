using Harness.Domain.Api;
using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>Reads metric curves and profiles from the public views.</summary>
internal sealed class CurveReader(NpgsqlDataSource db)
{
    /// <summary>Points that an answer has at most of one curve.</summary>
    public const int MaxPoints = 5_000;

    private const string StepAxis = "step";

    /// <summary>All profiles and curves of a trial.</summary>
    public async Task<IReadOnlyList<CurveRow>> OfTrialAsync(long id, CancellationToken cancellation)
    {
        var profiles = db.Statement(
            "select trial, name, axis, at, value from v1_profiles where trial_id = $1 order by name, axis, place",
            id
        );
        var metrics = db.Statement(
            $"select trial, metric as name, '{StepAxis}' as axis, step::double precision as at, value from v1_metrics where trial_id = $1 order by metric, step",
            id
        );
        var series = await GatherAsync(profiles, MaxPoints, cancellation);
        series.AddRange(await GatherAsync(metrics, MaxPoints, cancellation));
        return [.. series.Select(row => new CurveRow(row.Name, row.Axis, row.At, row.Values))];
    }

    /// <summary>One metric's curve of every trial of a sweep.</summary>
    public async Task<IReadOnlyList<SeriesRow>> OfSweepAsync(
        long sweep,
        string metric,
        int maxPoints,
        CancellationToken cancellation
    ) =>
        await GatherAsync(
            db.Statement(
                $"""
                select m.trial, m.metric as name, '{StepAxis}' as axis, m.step::double precision as at, m.value
                from v1_metrics m
                where m.metric = $2 and m.trial_id in (select trial_id from v1_trials where sweep_id = $1)
                order by m.trial_id, m.step
                """,
                sweep,
                metric
            ),
            Math.Clamp(maxPoints, 2, MaxPoints),
            cancellation
        );

    /// <summary>One profile of every trial of a sweep.</summary>
    public async Task<IReadOnlyList<SeriesRow>> ProfilesAsync(
        long sweep,
        string name,
        CancellationToken cancellation
    ) =>
        await GatherAsync(
            db.Statement(
                """
                select p.trial, p.name, p.axis, p.at, p.value
                from v1_profiles p
                where p.name = $2 and p.trial_id in (select trial_id from v1_trials where sweep_id = $1)
                order by p.trial_id, p.axis, p.place
                """,
                sweep,
                name
            ),
            MaxPoints,
            cancellation
        );

    // One row a point, neighbours of one series together: only one series at a time is in memory whole.
    private static async Task<List<SeriesRow>> GatherAsync(
        NpgsqlCommand command,
        int maxPoints,
        CancellationToken cancellation
    )
    {
        var series = new List<SeriesRow>();
        (string Trial, string Name, string Axis)? current = null;
        List<double> at = [];
        List<double> values = [];
        var points = command.StreamAsync(
            row =>
                (
                    Series: (row.GetString(0), row.GetString(1), row.GetString(2)),
                    At: row.GetDouble(3),
                    Value: row.GetDouble(4)
                ),
            cancellation
        );
        await foreach (var point in points)
        {
            if (current != point.Series)
            {
                Close();
                current = point.Series;
                (at, values) = ([], []);
            }

            at.Add(point.At);
            values.Add(point.Value);
        }

        Close();
        return series;

        void Close()
        {
            if (current is { } key)
            {
                var (keptAt, keptValues) = Thinning.Reduce(at, values, maxPoints);
                series.Add(new SeriesRow(key.Trial, key.Name, key.Axis, keptAt, keptValues));
            }
        }
    }
}
