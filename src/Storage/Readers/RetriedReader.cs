using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Npgsql;

namespace Harness.Storage.Readers;

/// <summary>Reads failed trials whose place a newer generation has taken.</summary>
/// <param name="db">Any role.</param>
internal sealed class RetriedReader(NpgsqlDataSource db)
{
    /// <summary>The trial in the newest sweep that tried it again, or null. It has no result.</summary>
    public async Task<TrialRow?> FindAsync(long trial, CancellationToken cancellation) =>
        (
            await db.Statement(
                    """
                    select
                        sweep, trial, model, task, seed, repeat, parameters, state, reason, attempts, worker, hardware,
                        cpu_seconds, step
                    from v1_retried_trials
                    where trial_id = $1
                    order by sweep_id desc
                    limit 1
                    """,
                    trial
                )
                .ListAsync(Row, cancellation)
        ).FirstOrDefault();

    /// <summary>The trial that took its place in the newest sweep, or null.</summary>
    public async Task<string?> AgainAsync(long trial, CancellationToken cancellation) =>
        (
            await db.Statement(
                    "select again from v1_retried_trials where trial_id = $1 order by sweep_id desc limit 1",
                    trial
                )
                .ListAsync(row => row.GetString(0), cancellation)
        ).FirstOrDefault();

    /// <summary>The failed trials whose place it took, newest first.</summary>
    public async Task<IReadOnlyList<string>> BeforeAsync(
        long trial,
        CancellationToken cancellation
    ) =>
        await db.Statement(
                """
                with recursive earlier as (
                    select trial, trial_id from v1_retried_trials where again = $1
                    union
                    select r.trial, r.trial_id from v1_retried_trials r join earlier e on r.again = e.trial)
                select trial from earlier order by trial_id desc
                """,
                Ids.Trial(trial)
            )
            .ListAsync(row => row.GetString(0), cancellation);

    private static TrialRow Row(NpgsqlDataReader row) =>
        new()
        {
            Sweep = row.Get<string>("sweep"),
            Trial = row.Get<string>("trial"),
            Model = row.Get<string>("model"),
            Task = row.Get<string>("task"),
            Seed = row.Get<long>("seed"),
            Repeat = row.Get<int>("repeat"),
            Parameters = new(
                JsonSerializer.Deserialize(
                    row.Get<string>("parameters"),
                    DomainJson.Default.SortedDictionaryStringSettingValue
                )!,
                StringComparer.Ordinal
            ),
            State = Words.Parse<TrialState>(row.Get<string>("state")),
            Reason = row.Text("reason"),
            Attempts = row.Get<int>("attempts"),
            Worker = row.Text("worker"),
            Hardware = row.Text("hardware"),
            CpuSeconds = row.Nullable<double>("cpu_seconds"),
            Step = row.Nullable<int>("step"),
        };
}
