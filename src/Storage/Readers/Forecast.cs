using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>How long a sweep may still take, from its own finished trials.</summary>
internal sealed class Forecast(NpgsqlDataSource db)
{
    private const int Enough = 3;

    // Of a normal distribution: 80 % lie within this many standard deviations.
    private const double EightyPercent = 1.2816;

    /// <summary>
    /// Lower and upper end of an 80 % interval; null while fewer than three trials have finished. A kind of trial with
    /// fewer than three of its own is told from all that have, whose spread makes the interval wide.
    /// </summary>
    public async Task<IReadOnlyList<double>?> SecondsLeftAsync(
        long sweep,
        CancellationToken cancellation
    )
    {
        var kinds = await db.Statement(
                """
                select
                    count(*) filter (where state = 'succeeded' and seconds is not null) as finished,
                    avg(seconds) filter (where state = 'succeeded') as mean,
                    coalesce(var_samp(seconds) filter (where state = 'succeeded'), 0) as variance,
                    (count(*) filter (where state in ('pending', 'leased', 'running', 'retry_wait') and not cancelled)
                        - coalesce(sum(least(1, step / nullif(steps, 0)::double precision))
                            filter (where state = 'running'), 0))::double precision as left,
                    count(*) filter (where state in ('leased', 'running')) as running
                from v1_trials
                where sweep_id = $1
                group by model, task
                """,
                sweep
            )
            .ListAsync(
                row => new Kind(
                    row.Get<long>("finished"),
                    row.Nullable<double>("mean") ?? 0,
                    row.Get<double>("variance"),
                    row.Get<double>("left"),
                    row.Get<long>("running")
                ),
                cancellation
            );
        var open = kinds.Where(kind => kind.Left > 0).ToList();
        var running = kinds.Sum(kind => kind.Running);
        var all = Together(kinds);
        if (open.Count == 0 || running == 0 || all.Finished < Enough)
        {
            return null;
        }

        open =
        [
            .. open.Select(kind => kind.Finished >= Enough ? kind : all with { Left = kind.Left }),
        ];
        // The sum of what is left varies by itself and by how well the mean is known; running trials share the time.
        var mean = open.Sum(kind => kind.Left * kind.Mean) / running;
        var spread =
            Math.Sqrt(
                open.Sum(kind =>
                    kind.Variance * (kind.Left + (kind.Left * kind.Left / kind.Finished))
                )
            ) / running;
        return [Math.Max(0, mean - (EightyPercent * spread)), mean + (EightyPercent * spread)];
    }

    // All finished trials as one kind: their variance is that within the kinds and that between them.
    private static Kind Together(List<Kind> kinds)
    {
        var finished = kinds.Sum(kind => kind.Finished);
        var mean = kinds.Sum(kind => kind.Finished * kind.Mean) / Math.Max(1, finished);
        var squares = kinds
            .Where(kind => kind.Finished > 0)
            .Sum(kind =>
                ((kind.Finished - 1) * kind.Variance)
                + (kind.Finished * Math.Pow(kind.Mean - mean, 2))
            );
        return new(finished, mean, squares / Math.Max(1, finished - 1), 0, 0);
    }

    private sealed record Kind(
        long Finished,
        double Mean,
        double Variance,
        double Left,
        long Running
    );
}
