namespace Harness.Storage.Retention;

/// <summary>Statements that remove sweeps and trials, each telling of it in the history that stays.</summary>
internal static class RemovalStatements
{
    /// <summary>$1 sweep: it and, over shared runs of claims, all that can only go together; locked.</summary>
    public const string Together = """
        with recursive together as (
            select $1::bigint as sweep
            union
            select other.sweep
            from together t
            join claim_run_sweep own on own.sweep = t.sweep
            join claim_run_sweep other on other.claim_run = own.claim_run)
        select s.id, s.state from together t join sweep s on s.id = t.sweep order by s.id for update of s
        """;

    /// <summary>$1 sweeps: the runs of claims that they measure for.</summary>
    public const string Runs = """
        select distinct r.id, format('%s (%s)', r.claim, r.profile)
        from claim_run_sweep c
        join claim_run r on r.id = c.claim_run
        where c.sweep = any ($1)
        order by r.id
        """;

    /// <summary>$1 sweeps: every trial that has, or had, a place in them.</summary>
    public const string Trials = """
        select trial from sweep_trial where sweep = any ($1)
        union
        select trial from retried_trial where sweep = any ($1)
        union
        select again from retried_trial where sweep = any ($1)
        """;

    /// <summary>$1 sweeps, $2 detail.</summary>
    public const string Tell = """
        with told as (
            update sweep set sequence = sequence + 1 where id = any ($1) returning id, sequence, state)
        insert into event (sweep, sequence, kind, from_state, detail)
        select id, sequence, 'removed', state, $2 from told
        """;

    /// <summary>$1 trials: those that have ended and that no sweep holds. The number that went.</summary>
    /// <remarks>One statement: foreign keys are looked at when all of it is done.</remarks>
    public const string RemoveTrials = """
        with gone as materialized (
            select t.id, t.sequence, t.state
            from trial t
            where t.id = any ($1) and t.ended_at is not null
                and not exists (select from sweep_trial w where w.trial = t.id)
                and not exists (select from retried_trial r where r.trial = t.id)
                and not exists (select from retried_trial r where r.again = t.id)
            for update),
        logs as (delete from log_chunk l using gone g where l.trial = g.id),
        profiles as (delete from profile p using gone g where p.trial = g.id),
        newest as (delete from metric_last l using gone g where l.trial = g.id),
        points as (delete from metric_chunk c using gone g where c.trial = g.id),
        checkpoints as (delete from checkpoint c using gone g where c.trial = g.id),
        ancestors as (delete from attempt_ancestor a using gone g where a.trial = g.id),
        results as (delete from result r using gone g where r.trial = g.id),
        attempts as (delete from attempt a using gone g where a.trial = g.id),
        told as (
            insert into event (trial, sequence, kind, from_state)
            select id, sequence + 1, 'removed', state from gone)
        delete from trial t using gone g where t.id = g.id
        returning t.id
        """;
}
