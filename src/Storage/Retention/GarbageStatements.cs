namespace Harness.Storage.Retention;

/// <summary>What goes by age: $1 seconds, $2 rows at a time. Each names its rows once, for a count and for the removal.</summary>
internal static class GarbageStatements
{
    // A worker is known for as long as an attempt names it.
    private const string OldWorkers = """
        select w.id
        from worker w
        where w.state in ('lost', 'left') and w.seen_at < clock_timestamp() - make_interval(secs => $1)
            and not exists (select from attempt a where a.worker = w.id)
        """;

    /// <summary>What goes, by kind: a subquery of keys, and the table that they are keys of.</summary>
    public static IReadOnlyDictionary<
        string,
        (string Table, string Key, string Old)
    > Rows { get; } =
        new Dictionary<string, (string, string, string)>
        {
            ["logs"] = (
                "log_chunk",
                "(trial, token, first_line)",
                """
                select l.trial, l.token, l.first_line
                from log_chunk l
                join trial t on t.id = l.trial
                where t.ended_at < clock_timestamp() - make_interval(secs => $1)
                """
            ),
            ["workers"] = ("worker", "id", OldWorkers),
            ["hosts"] = (
                "host",
                "id",
                $"""
                select h.id
                from host h
                where h.seen_at < clock_timestamp() - make_interval(secs => $1)
                    and not exists (select from worker w where w.host = h.id and w.id not in ({OldWorkers}))
                """
            ),
            ["keys"] = (
                "idempotency_key",
                "(submitted_by, key)",
                """
                select k.submitted_by, k.key
                from idempotency_key k
                where k.created_at < clock_timestamp() - make_interval(secs => $1)
                """
            ),
        };

    /// <summary>Trials that no sweep holds: a removal that was broken off has left them.</summary>
    public const string LeftTrials = """
        select t.id
        from trial t
        where t.ended_at is not null
            and not exists (select from sweep_trial w where w.trial = t.id)
            and not exists (select from retried_trial r where r.trial = t.id)
            and not exists (select from retried_trial r where r.again = t.id)
        """;

    /// <summary>How many rows would go.</summary>
    public static string Count(string kind) => $"select count(*) from ({Rows[kind].Old}) old";

    /// <summary>Removes some of them.</summary>
    public static string Remove(string kind) =>
        $"delete from {Rows[kind].Table} where {Rows[kind].Key} in ({Rows[kind].Old} limit $2)";
}
