namespace Harness.Storage.Checkpoints;

/// <summary>Statements about checkpoints.</summary>
internal static class CheckpointStatements
{
    // An attempt that its trial has now, and that a dispatcher has not given up.
    private const string Current = "t.state in ('leased', 'running', 'pending', 'retry_wait')";

    /// <summary>$1 trial, $2 token, $3 hash: whether the attempt is current, and the bytes of all others.</summary>
    public const string Look = $"""
        select
            exists (select from trial t where t.id = $1 and t.token = $2 and {Current}),
            coalesce((select sum(c.bytes) from (select distinct hash, bytes from checkpoint where hash <> $3) c), 0)::bigint
        """;

    /// <summary>$1 trial, $2 token, $3 step, $4 hash, $5 bytes: guarded, and idempotent. A row where it is stored.</summary>
    public const string Add = $"""
        with owner as (
            select t.id from trial t where t.id = $1 and t.token = $2 and {Current} for share),
        added as (
            insert into checkpoint (trial, token, step, hash, bytes)
            select id, $2, $3, $4, $5 from owner
            on conflict do nothing)
        select id from owner
        """;

    /// <summary>$1 trial, $2 how many stay. The newest that are of use, and of one step the newest attempt's.</summary>
    public const string Prune = """
        delete from checkpoint c
        where c.trial = $1 and (c.token, c.step) not in (
            select k.token, k.step from checkpoint k
            where k.trial = $1 and k.unusable is null
            order by k.step desc, k.token desc
            limit $2)
        """;

    /// <summary>Those of trials that have ended.</summary>
    public const string RemoveEnded = """
        delete from checkpoint c using trial t where t.id = c.trial and t.ended_at is not null
        """;
}
