using System.Globalization;
using Harness.Domain;
using Npgsql;

namespace Harness.Faults;

/// <summary>
/// PostgreSQL is away for a while, or hangs with its sockets open, while two trials train: no attempt is burnt, training
/// goes on, and what was measured meanwhile comes when it is back.
/// </summary>
/// <param name="rig">The programs.</param>
internal sealed class Outage(Rig rig)
{
    private const string Sweep = """
        version: 1
        name: outage
        parameters:
          model: {value: gru}
          task: {value: copy-memory}
          width: {value: 64}
          lag: {value: 60}
        seeds: 2
        budget: {steps: 1000000}
        """;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5); // from its return to progress

    /// <summary>Tries it.</summary>
    /// <param name="hung">Whether it hangs; else it is stopped.</param>
    /// <param name="length">For how long.</param>
    /// <returns>Whether the promise was kept.</returns>
    public async Task<bool> RunAsync(bool hung, TimeSpan length)
    {
        var sweep =
            await rig.SubmitAsync(Sweep) ?? throw new HarnessException("The submit was not taken.");
        await UntilAsync(async () => await StepsAsync() > 200);
        var (begin, first) = (TimeProvider.System.GetTimestamp(), await StepsAsync());
        await Task.Delay(TimeSpan.FromSeconds(5));
        var before = await StepsAsync();
        var rate = (before - first) / TimeProvider.System.GetElapsedTime(begin).TotalSeconds;

        var isHit = hung
            ? await rig.Postgres.HoldAsync(Processes.ChildrenOf, length)
            : await rig.Postgres.EndAsync("INT", length);
        var back = TimeProvider.System.GetTimestamp();
        await UntilAsync(async () => await StepsAsync() > before);
        var progress = TimeProvider.System.GetElapsedTime(back);
        var after = await StepsAsync();
        // All that waited on the workers' disks comes within some seconds more.
        await Task.Delay(Promised);
        var burnt = await rig.CountAsync(
            "select count(*) from event where kind in ('expired', 'crashed', 'failed', 'drained')"
        );
        var attempts = await rig.CountAsync("select count(*) from attempt");
        var gaps = await rig.CountAsync(
            """
            select coalesce(sum(m.last + 1 - m.points), 0)::bigint from (
                select trial_id, max(step) as last, count(*) as points from v1_metrics
                where metric = 'train_loss' group by trial_id) m
            """
        );
        var goesOn = after - before > rate * length.TotalSeconds / 4;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                PostgreSQL {(
                    hung ? "hung" : "away"
                )} for {length.TotalSeconds:0} s, leases of {FaultPlan.LeaseSeconds:0} s, sweep {sweep}
                attempts: {attempts} of 2 trials, {burnt} burnt
                progress {progress.TotalSeconds:0.0} s after its return
                steps: {rate:0} a second before, {after
                    - before} from its beginning to the first progress
                points of curves missing: {gaps}
                """
            )
        );
        return isHit && burnt == 0 && attempts == 2 && progress < Promised && goesOn && gaps == 0;
    }

    private async Task<long> StepsAsync() =>
        await rig.CountAsync(
            "select coalesce(sum(step), 0)::bigint from attempt where state = 'started'"
        );

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (!await HoldsAsync(holds))
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Patience)
            {
                throw new HarnessException($"There is no progress within {Patience}.");
            }

            await Task.Delay(Beat);
        }
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> holds)
    {
        try
        {
            return await holds();
        }
        catch (NpgsqlException)
        {
            return false; // not back yet
        }
    }
}
