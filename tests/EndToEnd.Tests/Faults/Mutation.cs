namespace Harness.EndToEnd.Tests.Faults;

/// <summary>A guard of the store, and the statement without it.</summary>
/// <param name="Guard">What it keeps from happening.</param>
/// <param name="Number">The promise that breaks without it; null: the tables' own constraints refuse what follows.</param>
/// <param name="Edits">What stands in the statements, and what stands there without the guard.</param>
public sealed record Mutation(
    string Guard,
    string? Number,
    params (string With, string Without)[] Edits
)
{
    /// <summary>All of them. Where two guards stand for each other, both go at once.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(
            "a result counts only under the trial's newest token",
            "R3",
            ("where t.id = i.trial and t.token = i.token\n", "where t.id = i.trial\n")
        ),
        new(
            "a trial that has ended takes no result, and an attempt that has ended brings none",
            null,
            ("and a.state in ('leased', 'started', 'lost')", ""),
            (
                "and (t.state in ('leased', 'running') or t.state in ('pending', 'retry_wait') and i.state = 'completed')",
                ""
            )
        ),
        new(
            "only a lost attempt is refused",
            "R3",
            ("where a.token = i.token and a.state = 'lost'", "where a.token = i.token")
        ),
        new(
            "a lost attempt is not renewed",
            null,
            (
                "where a.token = i.token and a.state in ('leased', 'started')",
                "where a.token = i.token"
            )
        ),
        new(
            "only a trial that waits is leased",
            null,
            ("where t.id = i.trial and t.state = 'pending' and", "where t.id = i.trial and")
        ),
        new(
            "an older dispatcher writes nothing",
            "R4",
            ("select require_epoch($1)", "select $1::bigint")
        ),
        new(
            "a lease expires when its time is over, and not before",
            "R9",
            ("and a.lease_until < clock_timestamp()", "")
        ),
        new(
            "an expired lease is counted",
            "R11",
            (
                "crashes = old.crashes + 1, reason = 'A lease expired.'",
                "reason = 'A lease expired.'"
            )
        ),
        new(
            "crashes are counted",
            "R11",
            ("crashes = old.crashes + n.crashes", "crashes = old.crashes")
        ),
        new(
            "a spent budget of crashes ends the trial",
            "R11",
            ("and i.failure <> 'job' and old.crashes + 1 >= old.max_crashes", "and false")
        ),
        new(
            "a spent budget of expired leases ends the trial",
            "R11",
            ("when old.crashes + 1 >= old.max_crashes then", "when false then")
        ),
        new(
            "a spent budget of failures ends the trial",
            "R11",
            ("and i.failure = 'job' and old.failures >= old.max_retries", "and false")
        ),
        new(
            "a sweep ends with its last trial, and not before",
            "R1",
            ("else not exists (", "else true or not exists (")
        ),
        new(
            "what an attempt measures is taken only under the newest token",
            "R4",
            (
                "join trial t on t.id = i.trial and t.token = i.token",
                "join trial t on t.id = i.trial"
            )
        ),
        new(
            "the newest point is never set back",
            "R5",
            ("where (excluded.token, excluded.step) > (metric_last.token, metric_last.step)", "")
        ),
        new(
            "a checkpoint is taken only under the newest token",
            "R4",
            ("where t.id = $1 and t.token = $2 and", "where t.id = $1 and")
        ),
        new("an attempt goes on only on equal hardware", "R6", ("and a.hardware = i.hardware", "")),
    ];

    /// <summary>The statement without the guard.</summary>
    public string Apply(string statement) =>
        Edits.Aggregate(
            statement,
            (text, edit) => text.Replace(edit.With, edit.Without, StringComparison.Ordinal)
        );

    /// <inheritdoc/>
    public override string ToString() => Guard;
}
