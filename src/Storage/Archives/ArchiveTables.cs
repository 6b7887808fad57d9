namespace Harness.Storage.Archives;

/// <summary>A table of an archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Its rows as objects: $1 the sweep, $2 trials of the part. Ordered, so that equal tables give equal files.</param>
/// <param name="TrialsAtATime">Trials of a part; 0: all rows at once, whatever the trials.</param>
/// <param name="Conflict">What happens to a row that is here already.</param>
internal sealed record ArchiveTable(
    string Name,
    string Rows,
    int TrialsAtATime = 0,
    string Conflict = ""
);

/// <summary>What an archive holds, in an order in which every row comes after those that it names.</summary>
internal static class ArchiveTables
{
    private const int Small = 500; // trials whose rows are a few hundred bytes each
    private const int Large = 5; // trials that may have hundreds of kilobytes of curves each

    /// <summary>No table: the tokens of attempts, known before a trial names its newest.</summary>
    public const string Tokens = "attempt_token";

    private const string Attempts = """
        select distinct a.worker, a.hardware, a.runtime from attempt a
        where a.trial in (
            select trial from sweep_trial where sweep = $1
            union select trial from retried_trial where sweep = $1
            union select again from retried_trial where sweep = $1)
        """;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ArchiveTable> All { get; } =
    [
        new(
            "hardware",
            $"""
            with a as ({Attempts})
            select to_jsonb(r) from hardware r
            where r.id in (select hardware from a)
                or r.id in (select w.hardware from worker w join a on a.worker = w.id)
                or r.id in (select h.hardware from host h join worker w on w.host = h.id join a on a.worker = w.id)
            order by r.id
            """,
            Conflict: "on conflict do nothing"
        ),
        new(
            "runtime",
            $"""
            with a as ({Attempts})
            select to_jsonb(r) from runtime r
            where r.id in (select runtime from a) or r.id in (select w.runtime from worker w join a on a.worker = w.id)
            order by r.id
            """,
            Conflict: "on conflict do nothing"
        ),
        new(
            "host",
            $"""
            with a as ({Attempts})
            select to_jsonb(r) from host r
            where r.id in (select w.host from worker w join a on a.worker = w.id) order by r.id
            """,
            Conflict: "on conflict do nothing"
        ),
        new(
            "worker",
            $"""
            with a as ({Attempts})
            select to_jsonb(r) || jsonb_build_object('state', 'left') from worker r where r.id in (select worker from a) order by r.id
            """,
            Conflict: "on conflict do nothing"
        ),
        new(
            "sweep",
            "select to_jsonb(r) || jsonb_build_object('claim_run', null) from sweep r where r.id = $1"
        ),
        new(
            Tokens,
            "select jsonb_build_object('token', r.token) from attempt r where r.trial = any ($2) order by r.token",
            Small
        ),
        Of("trial", "r.id", Small),
        new(
            "sweep_trial",
            "select to_jsonb(r) from sweep_trial r where r.sweep = $1 and r.trial = any ($2) order by r.position",
            Small
        ),
        new(
            "retried_trial",
            "select to_jsonb(r) from retried_trial r where r.sweep = $1 order by r.trial"
        ),
        Of("attempt", "r.trial", Small, "r.token"),
        Of("attempt_ancestor", "r.trial", Small, "r.token, r.ancestor"),
        Of("result", "r.trial", Small),
        new(
            "sweep_event",
            "select to_jsonb(r) - 'id' - 'xact' from event r where r.sweep = $1 order by r.sequence"
        ),
        new(
            "trial_event",
            "select to_jsonb(r) - 'id' - 'xact' from event r where r.trial = any ($2) order by r.trial, r.sequence",
            Small
        ),
        Of("metric_chunk", "r.trial", Large, "r.trial, r.token, r.metric, r.first_step"),
        Of("metric_last", "r.trial", Small, "r.trial, r.metric"),
        Of("profile", "r.trial", Large, "r.trial, r.token, r.name, r.axis"),
        Of("log_chunk", "r.trial", Large, "r.trial, r.token, r.first_line"),
    ];

    private static ArchiveTable Of(string name, string trial, int trials, string? order = null) =>
        new(
            name,
            $"select to_jsonb(r) from {name} r where {trial} = any ($2) order by {order ?? trial}",
            trials
        );
}
